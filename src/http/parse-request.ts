// Parses and validates a request by what its row takes.
import type { Request, Response } from 'express';
import type * as z from 'zod';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { digest } from '../log/chain.ts';
import type { IdempotencyKey, RequestIds } from '../log/commit.ts';
import { type Reader, readerOf } from './browsers/reader.ts';
import { parseSeenPosition } from './freshness/seen-position.ts';
import { parseIdempotencyKey, parseLastEventId, parsePreconditions } from './headers.ts';
import { misspeltParameters, parametersOf, STRICT } from './misspelt-parameters.ts';
import { pageElsewhere } from './page-address.ts';
import type { Problem, RequestError } from './problem.ts';
import type { Reply, Route, RouteRequest } from './route.ts';
import {
  IGNORED_HEADER,
  ignoredNames,
  refuseUnrecognised,
  strictQuery,
  unknownMemberErrors,
  unknownMembers,
} from './unknown-members.ts';
import { type Checked, check, invalidRequest } from './validation.ts';

/** What a request says, without who sends it from where. */
export type ParsedRequest = Omit<RouteRequest, 'address' | 'signal' | 'payer' | 'turn'>;

/** Returns the parsed request, or the answer to one that is wrong. */
export function parseRequest(
  route: Route,
  request: Request,
  viewer: Viewer,
  ids: RequestIds,
): ParsedRequest | Problem | Reply {
  const unrecognised = route.body && refuseUnrecognised(route.body, request.body);
  if (unrecognised) return unrecognised;
  const names = checkNames(route, request);
  const params = checkAny(route.params, 'path', request.params);
  const query = checkAny(route.query, 'query', request.query);
  const body = checkAny(route.body, 'body', request.body);
  const ifMatch = route.conditional ? parsePreconditions(request.headers) : ABSENT;
  const sentKey = route.repeatable ? parseIdempotencyKey(request.get('Idempotency-Key')) : ABSENT;
  const lastEventId = route.resumable ? parseLastEventId(request.get('Last-Event-ID')) : ABSENT;
  const seen = parseSeenPosition(request);
  const errors = [names, params, query, body, ifMatch, sentKey, lastEventId, seen].flatMap(
    (checked) => checked.errors ?? [],
  );
  const elsewhere = route.page && pageElsewhere(route, request, params);
  if (elsewhere) return elsewhere;
  if (names.errors || params.errors || query.errors || body.errors || seen.errors) return invalidRequest(errors);
  if (ifMatch.errors || sentKey.errors || lastEventId.errors) return invalidRequest(errors);
  const key = sentKey.value === undefined ? {} : { key: scopedKey(sentKey.value, request, viewer) };
  return {
    params: params.value,
    query: query.value,
    body: body.value,
    ...sentBody(route, request),
    viewer,
    reader: route.page ? readerOf(request.headers, request.query.lang) : NOBODY,
    terms: { viewer, ...ids, ...(ifMatch.value ? { ifMatch: ifMatch.value } : {}), ...key },
    agent: request.get('User-Agent'),
    ...(lastEventId.value === undefined ? {} : { lastEventId: lastEventId.value }),
  };
}

/** Checks a part of the request, if the row has a schema of it. */
function checkAny(schema: z.ZodType | undefined, part: RequestError['in'], value: unknown): Checked<unknown> {
  return schema ? check(schema, part, value) : ABSENT;
}

/** The body of a row that takes no JSON, which has been read already. */
function sentBody({ rawBody }: Route, request: Request): Pick<RouteRequest, 'sent'> {
  if (!rawBody) return {};
  return { sent: { type: String(request.is([...rawBody.types])), bytes: request.body } };
}

const NOBODY: Reader = {};

const ABSENT: Checked<undefined> = { value: undefined };

/** Checks the names of the query parameters and, in a strict request, those of the members of the body. */
function checkNames(route: Route, request: Request): Checked<undefined> {
  const strict = checkAny(route.body && strictQuery, 'query', request.query);
  const errors = [
    ...misspeltParameters(Object.keys(request.query), parametersOf(route)),
    ...(strict.errors ?? []),
    ...(route.body && isStrict(request) ? unknownMemberErrors(unknownMembers(route.body, request.body)) : []),
  ];
  return errors.length > 0 ? { errors } : ABSENT;
}

/** Names the members of the body that the route does not know in a header of the answer. */
export function nameIgnored({ body }: Route, request: Request, response: Response): void {
  const unknown = body && !isStrict(request) ? unknownMembers(body, request.body) : [];
  if (unknown.length > 0) response.setHeader(IGNORED_HEADER, ignoredNames(unknown));
}

function isStrict({ query }: Request): boolean {
  return query[STRICT] === 'true';
}

/**
 * An idempotency key is scoped to its sender, method and path. The fingerprint of the body detects reuse with another
 * body.
 */
function scopedKey(sent: string, { method, path, body }: Request, { actor }: Viewer): IdempotencyKey {
  const fingerprint = digest(JSON.stringify(body ?? null));
  return { id: `${actor.kind}:${actor.id ?? ''} ${method} ${path} ${sent}`, fingerprint };
}
