// The OpenAPI document: valid by the official rules, and complete for every row of the table.
import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import * as z from 'zod';
import { organizationRoutes } from '../../src/api/organizations/organizations.ts';
import { roleRoutes } from '../../src/api/organizations/roles.ts';
import { teamRoutes } from '../../src/api/organizations/teams.ts';
import { openApiDocument } from '../../src/http/openapi/openapi-document.ts';
import { PROBLEMS } from '../../src/http/problem.ts';
import type { Route } from '../../src/http/route.ts';
import { entityParts } from '../support/entity-parts.ts';
import { startApp } from '../support/start-app.ts';

interface Media {
  readonly schema: Parameters<typeof z.fromJSONSchema>[0];
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { $ref: string }>>;
}

interface Answered {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answered>>;
}

interface Document extends Record<string, unknown> {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Media['schema']>>;
    readonly examples: Readonly<Record<string, { value: Record<string, unknown> }>>;
  };
}

const thing = z.object({ id: z.uuid(), name: z.string() }).meta({ id: 'Thing' });
const thingInput = z.object({ name: z.string().trim().min(1), size: z.number().default(1) });
const idParams = z.object({ id: z.uuid() });
const example = { id: 'a1b2c3d4-0000-4000-8000-000000000001', name: 'Lamp' };

const read: Route = {
  method: 'get',
  path: '/things',
  operationId: 'listThings',
  tag: 'things',
  summary: 'All things',
  access: 'anyone',
  query: z.object({ limit: z.coerce.number().int().exactOptional().describe('How many at the most') }),
  success: {
    status: 200,
    description: 'The things',
    schema: z.array(thing),
    example: [example],
    tagged: true,
    paged: true,
  },
  problems: [],
  handle: () => ({ status: 200 }),
};

const create: Route = {
  ...read,
  method: 'post',
  operationId: 'createThing',
  access: 'member',
  query: z.object({}),
  body: thingInput,
  bodyExample: { name: 'Lamp' },
  success: { status: 201, description: 'The new thing', schema: thing, example, tagged: true },
  repeatable: 'log',
};

const update: Route = {
  ...create,
  method: 'put',
  path: '/things/{id}',
  operationId: 'updateThing',
  params: idParams,
  success: { status: 200, description: 'The thing', schema: thing, example, tagged: true },
  problems: ['not-found', 'other-place'],
  conditional: true,
};

const remove: Route = {
  method: 'delete',
  path: '/things/{id}',
  operationId: 'deleteThing',
  tag: 'things',
  summary: 'Remove a thing',
  access: 'member',
  params: idParams,
  success: { status: 204, description: 'It is gone' },
  problems: ['not-found'],
  conditional: true,
  handle: () => ({ status: 204 }),
};

const table = [read, create, update, remove];

describe('the document of a table', () => {
  test('is valid', async () => {
    expect(await faults(documentOf(table))).toEqual([]);
  });

  test('is not called valid with a row that no document can have', async () => {
    expect(await faults(documentOf([{ ...read, path: 'things' }]))).not.toEqual([]);
    expect(await faults(documentOf([read, { ...create, operationId: 'listThings' }]))).not.toEqual([]);
    expect(await faults(documentOf([{ ...read, path: '/things/{id}' }]))).not.toEqual([]);
    expect(await faults(documentOf([{ ...read, tag: 7 as unknown as string }]))).not.toEqual([]);
  });

  test('is not called valid with an example that its own schema refuses', async () => {
    expect(await faults(documentOf([{ ...create, bodyExample: { name: 7 } }]))).not.toEqual([]);
    const success = { ...update.success, example: { id: 'lamp' } };
    expect(await faults(documentOf([{ ...update, success }]))).not.toEqual([]);
  });

  test('shows the same table in the same way every time', () => {
    expect(documentOf(table)).toEqual(documentOf(table));
  });

  test('carries the version that it is given', () => {
    expect(openApiDocument(table, { version: '7.8.9' })).toMatchObject({ info: { version: '7.8.9' } });
  });
});

describe('the document that is served', () => {
  test('is valid, and every operation has its problems, its examples and its parameters, and says who may ask', async () => {
    const app = await startApp({ AUTH: 'required' });
    const document = (await (await app.request('/api/openapi.json')).json()) as Document;
    await app.close();
    expect(await faults(document)).toEqual([]);
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(operations.filter((operation) => !Object.hasOwn(operation, 'security'))).toEqual([]);
    for (const operation of operations) expect(codes(operation)).toMatchObject({ 500: ['internal'] });
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(app.routes.map(({ path }) => path))].sort());
  });
});

test('the rows that are served to people alone are documented as well as the others', async () => {
  const parts = await entityParts();
  const document = documentOf([...organizationRoutes(parts), ...roleRoutes(parts), ...teamRoutes(parts)]);
  await parts.log.close();
  expect(await faults(document)).toEqual([]);
  const { get, delete: remove } = document.paths['/api/organizations/{organizationId}/teams/{teamId}'] ?? {};
  expect(codes(get)).toMatchObject({ 404: ['not-found'] });
  expect(codes(remove)).toMatchObject({ 409: ['last-owner'], 412: ['stale'] });
});

describe('who may ask', () => {
  test('is said of every operation where people sign in', async () => {
    const person: Route = { ...read, path: '/me', operationId: 'getMe', access: 'person' };
    const document = openApiDocument([...table, person], { version: '0.0.0', sessionCookie: '__Host-plive' });
    expect(await faults(document as Document)).toEqual([]);
    expect(document).toMatchObject({
      paths: {
        '/things': {
          get: { security: [{}, { session: [] }, { key: [] }] },
          post: { security: [{ session: [] }, { key: [] }] },
        },
        '/me': { get: { security: [{ session: [] }] } },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-plive' },
          key: { type: 'http', scheme: 'bearer' },
        },
      },
    });
  });

  test('is of no concern where nobody does', () => {
    expect(JSON.stringify(documentOf(table))).not.toContain('"security');
  });
});

/** Every operation takes the position that its client has seen. */
const SEEN = ['at_least', 'X-Log-Position'];
/** The headers of every answer. */
const ALWAYS = ['X-Request-Id', 'X-Log-Position', 'Plive-Stale-Since'];

describe('an operation', () => {
  test('names the problems of its row and those of the machinery around it', () => {
    const { paths } = documentOf(table);
    expect(codes(paths['/things']?.get)).toEqual({
      400: ['invalid-request'],
      401: ['unauthenticated'],
      403: ['forbidden', 'host-not-allowed'],
      429: ['too-costly', 'too-many-requests'],
      500: ['internal'],
      503: ['behind', 'overloaded', 'unavailable'],
    });
    expect(codes(paths['/things/{id}']?.put)).toEqual({
      400: ['invalid-request', 'malformed-json', 'no-known-member', 'too-deep'],
      401: ['unauthenticated'],
      403: ['cross-origin', 'forbidden', 'host-not-allowed'],
      404: ['not-found'],
      409: ['other-place'],
      412: ['stale'],
      413: ['body-too-large'],
      415: ['not-json'],
      422: ['key-reused'],
      429: ['too-many-requests'],
      500: ['internal'],
      503: ['behind', 'overloaded', 'unavailable'],
    });
    expect(codes(paths['/things/{id}']?.delete)).toEqual({
      400: ['invalid-request'],
      401: ['unauthenticated'],
      403: ['cross-origin', 'forbidden', 'host-not-allowed'],
      404: ['not-found'],
      412: ['stale'],
      429: ['too-many-requests'],
      500: ['internal'],
      503: ['behind', 'overloaded', 'unavailable'],
    });
  });

  test('that answers however often it is asked does not say that it was asked too often', () => {
    const { paths } = documentOf([{ ...read, unlimited: true }]);
    expect(codes(paths['/things']?.get)).not.toHaveProperty('429');
  });

  test('takes the headers that its row says', () => {
    const { paths } = documentOf(table);
    expect(headers(paths['/things']?.get)).toEqual([...SEEN, 'If-None-Match']);
    expect(headers(paths['/things']?.post)).toEqual([...SEEN, 'Idempotency-Key']);
    expect(headers(paths['/things/{id}']?.put)).toEqual([...SEEN, 'If-Match', 'Idempotency-Key']);
    expect(headers(paths['/things/{id}']?.delete)).toEqual([...SEEN, 'If-Match']);
  });

  test('with a body takes `strict`', () => {
    const { paths } = documentOf(table);
    const queries = (operation?: Operation) => operation?.parameters.filter((parameter) => parameter.in === 'query');
    expect(queries(paths['/things']?.post)).toMatchObject([{ name: 'strict', schema: { enum: ['true', 'false'] } }]);
    expect(queries(paths['/things']?.get)).toMatchObject([{ name: 'limit' }]);
  });

  test('answers with the headers that fit', () => {
    const { paths } = documentOf(table);
    expect(Object.keys(paths['/things']?.get?.responses[200]?.headers ?? {})).toEqual(['ETag', 'Link', ...ALWAYS]);
    expect(Object.keys(paths['/things']?.get?.responses[304]?.headers ?? {})).toEqual(['ETag', ...ALWAYS]);
    expect(Object.keys(paths['/things']?.post?.responses[201]?.headers ?? {})).toEqual([
      'ETag',
      'Location',
      'Plive-Ignored',
      ...ALWAYS,
    ]);
    expect(Object.keys(paths['/things']?.post?.responses[503]?.headers ?? {})).toEqual(['Retry-After', ...ALWAYS]);
    expect(Object.keys(paths['/things/{id}']?.delete?.responses[204]?.headers ?? {})).toEqual(ALWAYS);
    expect(paths['/things/{id}']?.delete?.responses[204]).not.toHaveProperty('content');
  });

  test('asks for what is sent and shows what is answered', () => {
    const { paths, components } = documentOf(table);
    expect(paths['/things']?.post?.requestBody?.content['application/json']).toEqual({
      schema: { $ref: '#/components/schemas/CreateThingInput' },
      example: { name: 'Lamp' },
    });
    expect(components.schemas.CreateThingInput).toEqual({
      type: 'object',
      properties: { name: { type: 'string', minLength: 1 }, size: { type: 'number', default: 1 } },
      required: ['name'],
    });
    expect(paths['/things']?.get?.responses[200]?.content?.['application/json']).toEqual({
      schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
      example: [example],
    });
    expect(Object.keys(components.schemas).sort()).toEqual([
      'CreateThingInput',
      'Problem',
      'Thing',
      'UpdateThingInput',
    ]);
  });

  test('describes its parameters', () => {
    const parameters = documentOf(table).paths['/things']?.get?.parameters ?? [];
    expect(parameters[0]).toMatchObject({
      name: 'limit',
      in: 'query',
      required: false,
      description: 'How many at the most',
      schema: { type: 'integer' },
    });
  });
});

describe('a problem', () => {
  test('has an example that its schema accepts, whichever it is', () => {
    const { examples, schemas } = documentOf(table).components;
    expect(Object.keys(examples)).toEqual(Object.keys(PROBLEMS));
    for (const [code, { value }] of Object.entries(examples)) {
      expect(value.code).toBe(code);
      expect(accepts(schemas.Problem, value, schemas)).toBe(true);
    }
  });
});

test('two schemas cannot have one name', () => {
  const success = { ...read.success, schema: z.object({ colour: z.string() }).meta({ id: 'Problem' }) };
  expect(() => documentOf([{ ...read, success }])).toThrow('Two schemas are named Problem');
});

function documentOf(routes: readonly Route[]): Document {
  return JSON.parse(JSON.stringify(openApiDocument(routes, { version: '0.0.0' }))) as Document;
}

/** What is wrong with a document: by the official schema, and by the rules that a schema cannot express. */
async function faults(document: Document): Promise<unknown[]> {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  return [
    ...(valid ? [] : [errors]),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`),
    ...operations.flatMap(({ path, operation }) => parameterFaults(path, operation)),
    ...operations.flatMap(({ operation }) => exampleFaults(operation, document.components.schemas)),
  ];
}

function parameterFaults(path: string, { operationId, parameters }: Operation): string[] {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const described = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const agree = named.length === described.length && named.every((name) => described.includes(name));
  return agree ? [] : [`${operationId}: ${path} does not name its parameters ${described.join(', ')}`];
}

function exampleFaults(
  { operationId, requestBody, responses }: Operation,
  schemas: Document['components']['schemas'],
): string[] {
  const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const contents = [requestBody?.content, ...answers.map(([, { content }]) => content)];
  return contents.flatMap((content) =>
    Object.values(content ?? {})
      // Bytes have neither a schema nor an example.
      .filter(({ schema }) => schema !== undefined)
      .filter(({ schema, example: shown }) => shown === undefined || !accepts(schema, shown, schemas))
      .map(() => `${operationId} has no example that fits`),
  );
}

/** Whether the schema accepts the value, with the document's named schemas at hand. */
function accepts(
  schema: Media['schema'] | undefined,
  value: unknown,
  $defs: Document['components']['schemas'],
): boolean {
  const standalone = JSON.stringify({ ...Object(schema), $defs }).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(JSON.parse(standalone)).safeParse(value).success;
}

/** The codes that the operation documents, by status. */
function codes(operation: Operation | undefined): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [status, { content }] of Object.entries(operation?.responses ?? {})) {
    const examples = content?.['application/problem+json']?.examples;
    if (examples) found[status] = Object.keys(examples).sort();
  }
  return found;
}

function headers(operation: Operation | undefined): string[] {
  return (operation?.parameters ?? []).flatMap(({ $ref }) => $ref?.replace('#/components/parameters/', '') ?? []);
}
