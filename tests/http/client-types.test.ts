// Clients that are generated from the OpenAPI document: every schema has a name that says what it is, and the types compile.
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import openapiTS from 'openapi-typescript';
import { temporaryDirectory } from '../support/journals.ts';
import { longTest, sized } from '../support/size.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

interface Media {
  readonly schema?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** A program that uses the types as a client would. */
const CLIENT = `import type { components, operations, paths } from './plive.js';
type Schemas = components['schemas'];
export const service = (body: Schemas['CreateServiceInput']): Schemas['Service']['name'] => body.name;
export const impacts: Schemas['Incident']['impacts'] = { id: 'partial' };
export const listed = (found: operations['listIncidents']['responses'][200]['content']['application/json']) =>
  found.map(({ resolvedAt }: Schemas['Incident']) => resolvedAt?.length);
export const broadcast: Schemas['BroadcastInput'] = { type: 'service-update', data: { any: [null, 'value', 1] } };
export type Page = paths['/api/events']['get']['responses'][200]['content']['application/json'];
export const next = ({ events, next }: Page): number => events.at(-1)?.position ?? next;
`;

describe.each(sized(['required'], ['open', 'required']))('the document of a server with AUTH=%s', (AUTH) => {
  let app: StartedApp;
  let document: Document;

  beforeAll(async () => {
    app = await startApp({ AUTH });
    document = (await (await app.request('/api/openapi.json')).json()) as Document;
  });
  afterAll(() => app.close());

  test('names every schema by a word of the domain', () => {
    for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^([A-Z][a-z]+)+$/);
  });

  test('names every body that is JSON', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const unnamed = operations.flatMap(({ operationId, requestBody, responses }) =>
      [requestBody ?? {}, ...Object.values(responses)]
        .flatMap(({ content = {} }) => Object.entries(content))
        .filter(([mediaType, { schema }]) => mediaType.endsWith('json') && !isNamed(schema))
        .map(() => operationId),
    );
    expect(unnamed).toEqual(['exportEvents']);
  });

  longTest('gives types that compile, and that a client can use', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'plive.ts'), await openapiTS(structuredClone(document) as never));
    await writeFile(join(directory, 'client.ts'), CLIENT);
    expect(compile(directory, 'client.ts')).toBe('');
    await rm(directory, { recursive: true });
  });
});

/** Whether a schema is one with a name, or a list of such. */
function isNamed(schema: Media['schema'] = {}): boolean {
  return '$ref' in schema || isNamedList(schema);
}

function isNamedList({ items }: Readonly<Record<string, unknown>>): boolean {
  return typeof items === 'object' && items !== null && '$ref' in items;
}

/** Checks a file strictly, and returns what the compiler says. */
function compile(directory: string, file: string): string {
  const compiler = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--ignoreConfig', '--target', 'es2023', '--module', 'nodenext'];
  try {
    return execFileSync(execPath, [compiler, ...options, file], { cwd: directory, encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  }
}
