// From a request to the answer of its row: who asks, whether they may, what they said, and then the row's own handler.
import type { Request, Response } from 'express';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { CommandRequest } from '../commands/dispatch.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { Policy } from '../identity/policy.ts';
import { digest } from '../log/chain.ts';
import type { IdempotencyKey } from '../log/commit.ts';
import { INVALID_CREDENTIAL, refuseAccess } from './access.ts';
import { parseIdempotencyKey, parseIfMatch, parseLastEventId } from './headers.ts';
import type { Problem } from './problem.ts';
import { enforce, limitCredential, type RequestLimits } from './rate-limit.ts';
import type { Repeats } from './repeats.ts';
import type { Answer, Route, RouteRequest } from './route.ts';
import { type Checked, check, invalidRequest, refuseUnknownMembers } from './validation.ts';

export type RowHandler = (route: Route, request: Request, response: Response) => Promise<Answer>;

export interface RowTerms {
  readonly policy: Policy;
  readonly clientAddress: ClientAddress;
  /** Tells the log that rows answer from. */
  readonly logId: () => string;
  readonly limits?: RequestLimits | undefined;
  /** Remembers the answers to requests that leave nothing in the log. */
  readonly repeats: Repeats;
}

export function rowHandler({ policy, clientAddress, logId, limits, repeats }: RowTerms): RowHandler {
  /** A problem where whoever asks has changed too much lately. */
  const refuseExcess = (route: Route, { actor }: Viewer, response: Response): Problem | undefined => {
    const verdict = limits && route.method !== 'get' && limitCredential(limits.credentials, actor);
    return verdict ? enforce(verdict, response) : undefined;
  };

  const answer: RowHandler = async (route, request, response) => {
    const viewer = await policy.viewerOf(request);
    if (!viewer) return INVALID_CREDENTIAL;
    const refusal = refuseAccess(viewer, route.access, request.params) ?? refuseExcess(route, viewer, response);
    if (refusal) return refusal;
    const parsed = parse(route, request, viewer, String(response.getHeader('X-Request-Id')));
    if ('problem' in parsed) return parsed;
    const asked = { ...parsed, address: clientAddress(request) };
    const { key } = parsed.terms;
    const isRemembered = key && route.repeatable === 'process';
    const answer = await (isRemembered ? repeats.answer(key, async () => route.handle(asked)) : route.handle(asked));
    if (viewer.actor.kind === 'anonymous' || 'problem' in answer) return answer;
    return tied(answer, viewer, policy);
  };
  return async (...asked) => tagged(await answer(...asked), logId);
}

/** The answer of someone who may cease to be who they are while it is sent. */
function tied(answer: Answer, viewer: Viewer, policy: Policy): Answer {
  if (!('stream' in answer) || !answer.stream) return answer;
  return { ...answer, stream: { ...answer.stream, whenEnded: (end) => policy.whenEnded(viewer, end) } };
}

/**
 * The answer with a tag that names its log: after a restart another one may be found at the same address, and come to the
 * same positions. The tags of entities need no such name: their ids are of one log alone.
 */
function tagged(answer: Answer, logId: () => string): Answer {
  if ('problem' in answer) return answer;
  const { logTag, revalidation } = answer;
  const log = logId();
  // With a colon, so that no `If-Match` can take it for the tag of an entity.
  const tag = logTag === undefined ? {} : { etag: `${log}:${logTag}` };
  if (!revalidation) return { ...answer, ...tag };
  const isCurrent = () => logId() === log && revalidation.isCurrent();
  return { ...answer, ...tag, revalidation: { isCurrent, rebuild: () => tagged(revalidation.rebuild(), logId) } };
}

type Parsed = Omit<RouteRequest, 'address'>;

function parse(route: Route, request: Request, viewer: Viewer, correlationId: string): Parsed | Problem {
  const misnamed = route.body && refuseUnknownMembers(route.body, request.body);
  if (misnamed) return misnamed;
  const params = route.params ? check(route.params, 'path', request.params) : NOTHING;
  const query = route.query ? check(route.query, 'query', request.query) : NOTHING;
  const body = route.body ? check(route.body, 'body', request.body) : NOTHING;
  const ifMatch = route.conditional ? parseIfMatch(request.get('If-Match')) : NOTHING;
  const sentKey = route.repeatable ? parseIdempotencyKey(request.get('Idempotency-Key')) : NOTHING;
  const lastEventId = route.resumable ? parseLastEventId(request.get('Last-Event-ID')) : NOTHING;
  const errors = [params, query, body, ifMatch, sentKey, lastEventId].flatMap((checked) => checked.errors ?? []);
  if (params.errors || query.errors || body.errors) return invalidRequest(errors);
  if (ifMatch.errors || sentKey.errors || lastEventId.errors) return invalidRequest(errors);
  const terms: CommandRequest = {
    viewer,
    correlationId,
    ...(ifMatch.value ? { ifMatch: ifMatch.value } : {}),
    ...(sentKey.value === undefined ? {} : { key: scopedKey(sentKey.value, request, viewer) }),
  };
  return {
    params: params.value,
    query: query.value,
    body: body.value,
    viewer,
    terms,
    agent: request.get('User-Agent'),
    ...(lastEventId.value === undefined ? {} : { lastEventId: lastEventId.value }),
  };
}

const NOTHING: Checked<undefined> = { value: undefined };

/** A key means something only for the same sender, method and path; the body is what it must not be used twice for. */
function scopedKey(sent: string, { method, path, body }: Request, { actor }: Viewer): IdempotencyKey {
  const fingerprint = digest(JSON.stringify(body ?? null));
  return { id: `${actor.kind}:${actor.id ?? ''} ${method} ${path} ${sent}`, fingerprint };
}
