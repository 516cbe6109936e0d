// The examples of the OpenAPI document, sent to a server with sample data as the documentation page fills them in: each
// works as it stands, and once more.
import { describe, expect } from '@jest/globals';
import { startOwned } from '../support/accounts.ts';
import { longTest, quickTest } from '../support/size.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema: { readonly default?: unknown };
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>> };
}

interface Try {
  readonly operationId: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const SAMPLES = { SAMPLE_DATA: 'true', SECURITY_CONTACT: 'mailto:security@example.org' };

/** Operations on what no sample data have. */
const WITHOUT_SERIES = ['endSeries', 'getSeries', 'getSeriesHistory', 'updateSeries'];

/** Operations on what the sample data does not have: a team, another person, a session, an invitation, a key. */
const WITHOUT_SAMPLE = [
  ...['addTeamMember', 'deleteTeam', 'endSession', 'getTeam', 'grantRoleToPerson', 'grantRoleToTeam', 'removePerson'],
  ...['removeTeamMember', 'renameTeam', 'revokeInvitation', 'revokeKey', 'revokeRoleOfPerson', 'revokeRoleOfTeam'],
];

/**
 * Operations that need a password or the token of a link, that end the session of the caller, and the deletion of the
 * default organisation, which is refused.
 */
const PERSONAL = [
  'acceptInvitation',
  'changePassword',
  'deleteOrganization',
  'endSessions',
  'eraseMe',
  'resetPassword',
  'setUp',
  'signIn',
];

/** Operations that nothing is left for once they or a deletion have worked. */
const LAST = ['retractIncident'];

describe('every example works as it stands, twice', () => {
  quickTest('on an open server', async () => {
    const app = await startApp(SAMPLES);
    const { tries, unfilled } = await triesOf(app);
    expect(unfilled.sort()).toEqual(WITHOUT_SERIES);
    for (const one of tries) expect(await sendTwice(app, one)).toEqual(expectedOf(one));
    await app.close();
  });

  longTest('for the owner of a server with accounts, but for what nobody else has', async () => {
    const app = await startOwned(SAMPLES);
    const { tries, unfilled } = await triesOf(app);
    expect(unfilled.sort()).toEqual([...WITHOUT_SAMPLE, ...WITHOUT_SERIES].sort());
    for (const one of tries.filter(({ operationId }) => !PERSONAL.includes(operationId))) {
      expect(await sendTwice(app, { ...one, headers: { ...one.headers, ...app.owner.headers } })).toEqual(
        expectedOf(one),
      );
    }
    await app.close();
  });
});

/** What the page sends for each operation, deletions last, and the operations with a required parameter that it lacks. */
async function triesOf(app: StartedApp) {
  const document = (await (await app.request('/api/openapi.json')).json()) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => tryOf(document, { path, method }, operation)),
  );
  const isDeletion = ({ method }: Try) => method === 'DELETE';
  const isLast = ({ operationId }: Try) => LAST.includes(operationId);
  const tries = operations.filter(({ path }) => !path.includes('{'));
  const others = tries.filter((one) => !isLast(one));
  return {
    tries: [
      ...others.filter((one) => !isDeletion(one)),
      ...others.filter(isDeletion).sort((a, b) => depth(b) - depth(a)),
      ...tries.filter(isLast),
    ],
    unfilled: operations.filter(({ path }) => path.includes('{')).map(({ operationId }) => operationId),
  };
}

function depth({ path }: Try): number {
  return path.split('/').length;
}

function tryOf(document: Document, { path, method }: { path: string; method: string }, operation: Operation): Try {
  const { operationId, parameters, requestBody } = operation;
  const filled = parameters
    .map((parameter) => ('$ref' in parameter ? referenced(document, parameter.$ref) : parameter))
    .map((parameter) => ({ ...parameter, value: parameter.example ?? parameter.schema.default }))
    .filter(({ value }) => value !== undefined);
  const valuesIn = (place: Parameter['in']) =>
    filled.filter((parameter) => parameter.in === place).map(({ name, value }) => [name, String(value)] as const);
  const query = new URLSearchParams(Object.fromEntries(valuesIn('query'))).toString();
  const filledPath = valuesIn('path').reduce((text, [name, value]) => text.replace(`{${name}}`, value), path);
  const [type, example] =
    Object.entries(requestBody?.content ?? {}).flatMap(([each, { example: shown }]) =>
      shown === undefined ? [] : [[each, shown] as const],
    )[0] ?? [];
  return {
    operationId,
    method: method.toUpperCase(),
    path: query === '' ? filledPath : `${filledPath}?${query}`,
    headers: { ...Object.fromEntries(valuesIn('header')), ...(type === undefined ? {} : { 'Content-Type': type }) },
    ...(type === undefined ? {} : { body: typeof example === 'string' ? example : JSON.stringify(example) }),
  };
}

function referenced({ components }: Document, reference: string): Parameter {
  const parameter = components.parameters[reference.split('/').at(-1) ?? ''];
  if (!parameter) throw new Error(`There is no ${reference}.`);
  return parameter;
}

/** The status of each of two requests, with the beginning of the body of a problem. The bodies of streams are not read. */
async function sendTwice(app: StartedApp, { operationId, path, ...asked }: Try): Promise<readonly unknown[]> {
  const results: unknown[] = [operationId];
  for (let sent = 0; sent < 2; sent += 1) {
    const stop = new AbortController();
    const response = await app.request(path, { ...asked, redirect: 'manual', signal: stop.signal });
    results.push(response.status < 400 ? 'works' : `${response.status} ${await response.text()}`);
    stop.abort();
  }
  return results;
}

/** What is deleted is not there the second time. */
function expectedOf({ operationId, method }: Try): readonly unknown[] {
  const gone = expect.stringMatching(/^404 /);
  if (LAST.includes(operationId)) return [operationId, gone, gone];
  return [operationId, 'works', method === 'DELETE' ? gone : 'works'];
}
