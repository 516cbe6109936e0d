// The OpenAPI operation of one route: its parameters, request body and responses.
import type * as z from 'zod';
import { AT_LEAST } from '../freshness/seen-position.ts';
import { POSITION_HEADER } from '../freshness/served-log.ts';
import type { RawBody, Route, Success } from '../route.ts';
import { strictQuery } from '../unknown-members.ts';
import { answerHeaders, type Json, reference } from './components.ts';
import { problemCodes, problemResponses } from './problem-responses.ts';
import type { Schemas } from './schemas.ts';

/** The operation of a route. `problem` is the schema of problem documents. */
export function operation(route: Route, schemas: Schemas, problem: Json): Json {
  const { operationId, tag, summary, description } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parameters(route, schemas),
    ...(route.rawBody ? { requestBody: bytesIn(route.rawBody) } : {}),
    ...(route.body ? { requestBody: requestBody(inputSchema(route, route.body, schemas), route.bodyExample) } : {}),
    responses: {
      ...Object.fromEntries(
        [route.success, ...(route.alternatives ?? [])].map((answer) => [
          answer.status,
          success(route, answer, schemas),
        ]),
      ),
      ...(isRevalidable(route) ? { 304: NOT_MODIFIED } : {}),
      ...problemResponses(problemCodes(route), problem),
    },
  };
}

function parameters(route: Route, schemas: Schemas): Json[] {
  return [
    ...namedParameters('path', route.params, schemas),
    ...namedParameters('query', route.query, schemas),
    ...(route.body ? namedParameters('query', strictQuery, schemas) : []),
    reference('parameters', AT_LEAST),
    reference('parameters', POSITION_HEADER),
    ...(route.conditional ? [reference('parameters', 'If-Match')] : []),
    ...(isRevalidable(route) ? [reference('parameters', 'If-None-Match')] : []),
    ...(route.repeatable ? [reference('parameters', 'Idempotency-Key')] : []),
    ...(route.resumable ? [reference('parameters', 'Last-Event-ID')] : []),
  ];
}

/** One parameter for each property of the schema. */
function namedParameters(place: 'path' | 'query', schema: z.ZodObject | undefined, schemas: Schemas): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.write(schema, 'input');
  return Object.entries(properties).map(([name, { description, examples, example, ...shape }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: shape,
    // The documentation page fills in an example of a parameter, but none of its schema.
    ...(Array.isArray(examples) ? { example: examples[0] } : {}),
    ...(example === undefined ? {} : { example }),
  }));
}

/** The schema of the body, named after the operation, as generated clients name their types after it. */
function inputSchema({ operationId }: Route, body: z.ZodObject, schemas: Schemas): Json {
  const name = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Input`;
  return schemas.name(name, schemas.write(body, 'input'));
}

function requestBody(schema: Json, example: unknown): Json {
  return { required: true, content: { 'application/json': media(schema, example) } };
}

/** A body of bytes: OpenAPI gives those neither a schema nor an example, but for what can be written as text. */
function bytesIn({ types, example: { type: written, text } }: RawBody): Json {
  const shown = (type: string) => (type === written ? media({ type: 'string' }, text) : {});
  return { required: true, content: Object.fromEntries(types.map((type) => [type, shown(type)])) };
}

const NOT_MODIFIED = {
  description: 'The response that you have is still valid',
  headers: answerHeaders('ETag'),
};

function success(route: Route, answer: Success, schemas: Schemas): Json {
  const { status, description, mediaType = 'application/json', schema, example, tagged, paged } = answer;
  const tag = tagged ? (['ETag'] as const) : [];
  const link = paged ? (['Link'] as const) : [];
  const isRedirect = status >= 300 && status < 400;
  const location = status === 201 || isRedirect ? (['Location'] as const) : [];
  const ignored = route.body ? (['Plive-Ignored'] as const) : [];
  const shape = schema ? schemas.write(schema, 'output') : opaque(mediaType);
  return {
    description,
    headers: answerHeaders(...tag, ...link, ...location, ...ignored),
    ...(status === 204 || isRedirect ? {} : { content: { [mediaType]: media(shape, example) } }),
  };
}

/** The schema of a body that is not JSON: a string for text, none for bytes. */
function opaque(mediaType: string): Json {
  return mediaType.startsWith('text/') ? { type: 'string' } : {};
}

function media(schema: Json, example: unknown): Json {
  return { schema, ...(example === undefined ? {} : { example }) };
}

function isRevalidable({ method, success }: Route): boolean {
  return method === 'get' && success.tagged === true;
}
