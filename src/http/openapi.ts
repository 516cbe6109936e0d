// The OpenAPI document of a route table: what the rows say, and what the machinery answers around every one of them.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ALREADY_SET_UP, EMAIL_TAKEN, LINK_NOT_VALID, WRONG_CREDENTIALS } from '../identity/account-rejection.ts';
import { KEY_REUSED, NOT_JSON, PROBLEMS, type Problem, type ProblemCode, problemDocument } from './problem.ts';
import type { Route, RouteAccess, Success } from './route.ts';

type Json = Record<string, unknown>;

const DESCRIPTION = `State of services and incidents, over REST.

* **Errors** are problem documents (RFC 9457): \`code\` is for programs and stays, \`detail\` is for people.
* **ETag**: send it as \`If-None-Match\` to read only what has changed, as \`If-Match\` to change only what you have read.
* **RateLimit** and **RateLimit-Policy**, where requests are limited: how many are left (\`r\`) for how many seconds (\`t\`) of how many (\`q\`) in how many seconds (\`w\`). A 429 says in \`Retry-After\` how long to wait.
* **Idempotency-Key**: a repeat with the same key gets the first answer again instead of doing it twice.`;

interface ServerInfo {
  readonly version: string;
  /** What the cookie of a session is called; without one nobody signs in, and nothing takes a credential. */
  readonly sessionCookie?: string | undefined;
}

/** The OpenAPI 3.1 document of these rows. */
export function openApiDocument(routes: readonly Route[], { version, sessionCookie }: ServerInfo): object {
  const schemas = new Schemas();
  const problem = schemas.write(problemSchema, 'output');
  return {
    openapi: '3.1.1',
    info: { title: 'Plive', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: paths(routes, (route) => ({
      ...operation(route, schemas, problem),
      ...(sessionCookie === undefined ? {} : { security: security(route.access) }),
    })),
    components: {
      ...{ schemas: schemas.named, parameters: PARAMETERS, headers: HEADERS, examples: problemExamples() },
      ...(sessionCookie === undefined ? {} : { securitySchemes: securitySchemes(sessionCookie) }),
    },
  };
}

function securitySchemes(sessionCookie: string): Json {
  return {
    session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'What signing in sets' },
    key: { type: 'http', scheme: 'bearer', description: 'An API key, `plv_…`' },
  };
}

/** What a row takes of who asks: one of these. */
function security(access: RouteAccess): Json[] {
  const [session, key] = [{ session: [] }, { key: [] }];
  if (access === 'person') return [session];
  return access === 'anyone' ? [{}, session, key] : [session, key];
}

function paths(routes: readonly Route[], write: (route: Route) => Json): Json {
  const byPath: Record<string, Json> = {};
  for (const route of routes) byPath[route.path] = { ...byPath[route.path], [route.method]: write(route) };
  return byPath;
}

function operation(route: Route, schemas: Schemas, problem: Json): Json {
  const { operationId, tag, summary, description } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parameters(route, schemas),
    ...(route.body ? { requestBody: requestBody(schemas.write(route.body, 'input'), route.bodyExample) } : {}),
    responses: {
      ...Object.fromEntries(
        [route.success, ...(route.alternatives ?? [])].map((answer) => [answer.status, success(answer, schemas)]),
      ),
      ...(isRevalidable(route) ? { 304: NOT_MODIFIED } : {}),
      ...problemResponses(problemCodes(route), problem),
    },
  };
}

const PARAMETERS = {
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag of the entity as you read it. If it has changed meanwhile, nothing happens.',
    schema: { type: 'string' },
    example: '"3-97"',
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of the answer that you have. If it still holds, it is not sent again.',
    schema: { type: 'string' },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'A value of your own for this request. A repeat that carries it gets the first answer again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '0b5f8f0c-6d0b-4c1e-9d53-0f6f4f6f2a11',
  },
  'Last-Event-ID': {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'The last position that was heard of. Browsers send it when they connect again.',
    schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
    example: '97',
  },
};

function parameters(route: Route, schemas: Schemas): Json[] {
  return [
    ...namedParameters('path', route.params, schemas),
    ...namedParameters('query', route.query, schemas),
    ...(route.conditional ? [reference('parameters', 'If-Match')] : []),
    ...(isRevalidable(route) ? [reference('parameters', 'If-None-Match')] : []),
    ...(route.repeatable ? [reference('parameters', 'Idempotency-Key')] : []),
    ...(route.resumable ? [reference('parameters', 'Last-Event-ID')] : []),
  ];
}

/** A parameter for each member of the schema. */
function namedParameters(place: 'path' | 'query', schema: z.ZodObject | undefined, schemas: Schemas): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.write(schema, 'input');
  return Object.entries(properties).map(([name, { description, ...shape }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: shape,
  }));
}

function requestBody(schema: Json, example: unknown): Json {
  return { required: true, content: { 'application/json': media(schema, example) } };
}

const HEADERS = {
  ETag: {
    description: 'Changes whenever the answer does. That of an entity is `"<version>-<position>"`.',
    schema: { type: 'string' },
    example: '"3-97"',
  },
  Location: {
    description: 'Where it is, if it has an address of its own.',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'X-Request-Id': {
    description: 'Finds the request in the log of the server: the one that was sent as this header, or a new one.',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'Seconds to wait before another try.', schema: { type: 'integer', minimum: 0 } },
};

const NOT_MODIFIED = {
  description: 'The answer that you have still holds',
  headers: answerHeaders('ETag'),
};

function success(answer: Success, schemas: Schemas): Json {
  const { status, description, mediaType = 'application/json', schema, example, tagged } = answer;
  const tag = tagged ? (['ETag'] as const) : [];
  const location = status === 201 || status === 302 ? (['Location'] as const) : [];
  const shape = schema ? schemas.write(schema, 'output') : opaque(mediaType);
  return {
    description,
    headers: answerHeaders(...tag, ...location),
    ...(status === 204 || status === 302 ? {} : { content: { [mediaType]: media(shape, example) } }),
  };
}

function answerHeaders(...names: readonly (keyof typeof HEADERS)[]): Json {
  return Object.fromEntries([...names, 'X-Request-Id'].map((name) => [name, reference('headers', name)]));
}

/** What is no JSON has no schema but being text; bytes have none at all. */
function opaque(mediaType: string): Json {
  return mediaType.startsWith('text/') ? { type: 'string' } : {};
}

function media(schema: Json, example: unknown): Json {
  return { schema, ...(example === undefined ? {} : { example }) };
}

function isRevalidable({ method, success }: Route): boolean {
  return method === 'get' && success.tagged === true;
}

/** What the machinery itself answers. */
const OF_ALL = ['unauthenticated', 'forbidden', 'host-not-allowed', 'internal'] as const;
const OF_BODIES = ['malformed-json', 'no-known-member', 'too-deep', 'body-too-large', 'not-json'] as const;
const OF_WRITES = ['cross-origin', 'overloaded', 'unavailable'] as const;

function problemCodes(route: Route): Set<ProblemCode> {
  const { params, query, body, conditional, repeatable, method, problems, unlimited } = route;
  const takesInput = params ?? query ?? body ?? conditional ?? repeatable;
  return new Set<ProblemCode>([
    ...problems,
    ...OF_ALL,
    ...(unlimited ? [] : (['too-many-requests'] as const)),
    ...(takesInput ? (['invalid-request'] as const) : []),
    ...(body ? OF_BODIES : []),
    ...(conditional ? (['stale'] as const) : []),
    ...(repeatable ? (['key-reused'] as const) : []),
    ...(method === 'get' ? [] : OF_WRITES),
  ]);
}

function problemResponses(codes: ReadonlySet<ProblemCode>, schema: Json): Json {
  const statuses = new Set([...codes].map((code) => PROBLEMS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const alike = [...codes].filter((code) => PROBLEMS[code].status === status);
      return [status, problemResponse(alike, schema)];
    }),
  );
}

/** One response for all problems of a status. */
function problemResponse(codes: readonly ProblemCode[], schema: Json): Json {
  const examples = Object.fromEntries(codes.map((code) => [code, reference('examples', code)]));
  const waits = codes.some((code) => EXAMPLES[code].headers) ? (['Retry-After'] as const) : [];
  return {
    description: codes.map((code) => PROBLEMS[code].title).join(', or: '),
    headers: answerHeaders(...waits),
    content: { 'application/problem+json': { schema, examples } },
  };
}

const problemSchema = z
  .looseObject({
    type: z.string().describe('A URI for the kind of problem'),
    status: z.int(),
    title: z.string(),
    code: z
      .string()
      .describe('The kind of problem, for programs')
      .meta({ examples: Object.keys(PROBLEMS) }),
    detail: z.string().describe('A sentence that a person can act on'),
    error: z.string().describe('The same sentence'),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().describe('JSON pointer into that part of the request'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Everything that is wrong with the request, and where'),
    requestId: z.string().describe('Name it when you ask for help'),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457)' });

const IMPACT_POINTER = '/impacts/a1b2c3d4-0000-4000-8000-000000000009';

/** What each problem looks like when it is met. */
const EXAMPLES: Readonly<Record<ProblemCode, Omit<Problem, 'problem'>>> = {
  'malformed-json': { detail: 'The body is not valid JSON.' },
  'invalid-request': {
    detail: 'status is required.',
    errors: [{ in: 'body', pointer: '/status', detail: 'is required' }],
  },
  'no-known-member': { detail: 'The body names none of name, status. Did you mean "status" instead of "state"?' },
  'too-deep': { detail: 'The body is nested deeper than 32 levels.' },
  'future-time': {
    detail: '2036-03-01T10:00:00.000Z has not come yet: it is 2026-03-01T10:00:00.000Z here.',
    errors: [{ in: 'body', pointer: '/at', detail: 'has not come yet' }],
  },
  'past-time': {
    detail: '2026-03-01T09:00:00.000Z has passed already: it is 2026-03-01T10:00:00.000Z here.',
    errors: [{ in: 'body', pointer: '/expiresAt', detail: 'has passed already' }],
  },
  unauthenticated: { detail: 'This takes someone who is signed in, or an API key.' },
  'weak-password': {
    detail: 'The password must not be the name or the e-mail address.',
    errors: [{ in: 'body', pointer: '/password', detail: 'must not be the name or the e-mail address' }],
  },
  'wrong-credentials': { detail: WRONG_CREDENTIALS.message },
  'email-taken': { detail: EMAIL_TAKEN.message },
  'already-set-up': { detail: ALREADY_SET_UP.message },
  'link-not-valid': { detail: LINK_NOT_VALID.message },
  forbidden: { detail: 'You may not write here.' },
  'cross-origin': { detail: 'A change with a session cookie must come from a page of this server.' },
  'host-not-allowed': { detail: 'This server answers to loopback host names only.' },
  'not-found': { detail: 'There is no service a1b2c3d4-0000-4000-8000-000000000009.' },
  'no-such-route': { detail: 'There is no route /api/service; /api/docs lists all there are.' },
  'method-not-allowed': { detail: 'DELETE is not for this route; it takes GET, HEAD, POST.' },
  'other-place': {
    detail: 'The organizationId of an entity cannot be changed after its creation.',
    errors: [{ in: 'body', pointer: '/organizationId', detail: 'cannot be changed' }],
  },
  'unknown-service': {
    detail: 'There is no service a1b2c3d4-0000-4000-8000-000000000009 for the incident to speak of.',
    errors: [{ in: 'body', pointer: IMPACT_POINTER, detail: 'There is no such service' }],
  },
  'too-many-updates': { detail: 'An incident takes at most 1000 updates; open a new one.' },
  'out-of-order': {
    detail: 'The incident started at 2026-03-01T10:00:00.000Z; an update cannot be of before that.',
    errors: [{ in: 'body', pointer: '/at', detail: 'is before the start of the incident' }],
  },
  'nothing-to-redact': { detail: 'Nobody wrote any words into the service.status-reported at position 97.' },
  'slug-taken': {
    detail: 'Another organisation has the slug acme; choose another one.',
    errors: [{ in: 'body', pointer: '/slug', detail: 'is taken' }],
  },
  'last-owner': { detail: 'This would leave the organisation without an owner; make somebody else one first.' },
  'invitation-expired': { detail: 'The invitation expired at 2026-03-01T09:00:00.000Z; ask for a new one.' },
  stale: { detail: 'It is at version 4 by now; look at what happened since.', members: { version: 4, events: [] } },
  'body-too-large': { detail: 'The body is larger than 64 kB.' },
  'not-json': { detail: NOT_JSON.detail },
  'key-reused': { detail: KEY_REUSED.detail },
  'too-many-requests': {
    detail: 'No more than 600 in 60 s are allowed for one address; wait 1 s.',
    headers: { 'Retry-After': '1' },
  },
  internal: { detail: 'Something went wrong on our side; the request id finds it in our log.' },
  overloaded: {
    detail: 'Too many changes wait to be recorded; try again in a moment.',
    headers: { 'Retry-After': '1' },
  },
  unavailable: { detail: 'Nothing can be recorded at the moment. Reads go on.', headers: { 'Retry-After': '10' } },
};

function problemExamples(): Json {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  return Object.fromEntries(
    codes.map((code) => {
      const value = problemDocument({ problem: code, ...EXAMPLES[code] }, '0198c0de-0000-7000-8000-000000000000');
      return [code, { summary: PROBLEMS[code].title, value }];
    }),
  );
}

function reference(kind: 'parameters' | 'headers' | 'examples', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` };
}

interface ObjectShape extends Json {
  properties?: Record<string, Json>;
  required?: readonly string[];
}

/** Writes schemas as JSON Schema, and gathers those with a name of their own (`.meta({ id })`) for the components. */
class Schemas {
  readonly named: Record<string, Json> = {};

  write(schema: z.ZodType, io: 'input' | 'output'): ObjectShape {
    const written = z.toJSONSchema(schema, { target: 'draft-2020-12', io, override: staysOpen });
    const { $schema: _dialect, $defs = {}, ...shape } = relocated(written);
    for (const [name, definition] of Object.entries($defs)) this.#keep(name, definition);
    return shape;
  }

  #keep(name: string, definition: Json): void {
    const known = this.named[name];
    if (known && !isDeepStrictEqual(known, definition)) throw new TypeError(`Two schemas are named ${name}`);
    this.named[name] = definition;
  }
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

/** Answers gain members over time: a client must not be told to refuse what it does not know. */
const staysOpen: Override = ({ zodSchema: { _zod }, jsonSchema }) => {
  if (_zod.def.type === 'object' && !_zod.def.catchall) delete jsonSchema.additionalProperties;
};

/** The schema with its references to names pointing at the document's components. Quotes within texts are escaped, so only references match. */
function relocated(schema: object): ObjectShape & { $defs?: Record<string, Json> } {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'));
}
