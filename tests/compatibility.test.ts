// A data directory that an earlier version wrote: this version verifies it, starts on it, answers the same, and writes to it.
import { readFileSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MODEL_NAMES } from '../projections/models.ts';
import { stateHash } from '../src/read-models/state-hash.ts';
import { DatabaseSync } from '../src/sqlite/driver.ts';
import { temporaryDirectory } from './support/journals.ts';
import { plive, pliveJson } from './support/plive.ts';
import { type Asked, ask } from './support/rest.ts';
import { type StartedApp, startApp } from './support/start-app.ts';

const DIRECTORY = 'tests/fixtures/data-v1';
const EXPORT = 'tests/fixtures/data-v1.ndjson';

/** A request with the response of the version that wrote the directory. */
interface Recorded {
  /** The name of a person or a key, or `stranger`. */
  readonly as: string;
  readonly method?: string;
  readonly path: string;
  readonly json?: object;
  readonly status: number;
  readonly body: object;
}

interface Answers {
  /** When the responses were recorded. */
  readonly now: string;
  /** Position of the directory's snapshot. */
  readonly snapshot: number;
  /** Position of the last event. */
  readonly end: number;
  readonly people: Readonly<Record<string, { readonly email: string; readonly password: string }>>;
  /** API keys, as they are sent. */
  readonly keys: Readonly<Record<string, string>>;
  /** The token of an open invitation that expires in 2099. */
  readonly invitation: string;
  readonly requests: readonly Recorded[];
}

/** Where this version answers otherwise on purpose: texts within the responses. */
interface Difference {
  readonly why: string;
  readonly was: string;
  readonly is: string;
}

interface Verified {
  readonly events: number;
  readonly heads: object;
  readonly faultCount: number;
  readonly snapshot?: number | null;
  readonly projections?: readonly object[];
}

const answers: Answers = JSON.parse(readFileSync('tests/fixtures/data-v1-answers.json', 'utf8'));
const differences: readonly Difference[] = JSON.parse(readFileSync('tests/fixtures/data-v1-differences.json', 'utf8'));

let directory: string;
/** The report of `plive verify` on the directory before a server started on it. */
let verified: Verified;
/** The positions of its snapshots before that. */
let found: readonly unknown[];
let app: StartedApp;
/** The headers of each client by its name. */
let headers: Readonly<Record<string, Record<string, string>>>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  await cp(DIRECTORY, directory, { recursive: true });
  found = snapshots();
  verified = JSON.parse((await plive(directory, 'verify', '--json')).stdout);
  // The responses must not depend on the date of the test run.
  const now = () => new Date(answers.now);
  const environment = { AUTH: 'required', DATABASE_URL: 'sqlite:', DATA_DIR: directory, RATE_LIMIT: '0' };
  app = await startApp(environment, { now });
  headers = Object.fromEntries([['stranger', {}], ...(await signIn()), ...keyHeaders()]);
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

/** Each person's headers with a new session. */
function signIn() {
  return Promise.all(
    Object.entries(answers.people).map(async ([name, { email, password }]) => {
      const response = await ask(app, '/api/sessions', { json: { email, password } });
      const [cookie = ''] = response.headers.getSetCookie();
      return [name, { Cookie: cookie.split(';', 1)[0] }] as const;
    }),
  );
}

function keyHeaders() {
  return Object.entries(answers.keys).map(([name, key]) => [name, { Authorization: `Bearer ${key}` }] as const);
}

function replay({ as, method, path, json }: Recorded) {
  const asked: Asked = { ...(method === undefined ? {} : { method }), ...(json === undefined ? {} : { json }) };
  return ask<object>(app, path, { ...asked, headers: headers[as] ?? {} });
}

/** The response that this version gives where the earlier one gave this one. */
function answeredToday(body: object): object {
  const text = differences.reduce((before, { was, is }) => before.replaceAll(was, is), JSON.stringify(body));
  return JSON.parse(text);
}

interface Entries {
  readonly entries?: { readonly changes: readonly { readonly field: string }[] }[];
}

/** The response as a client of that time reads it: a history also lists members that entities did not have then. */
function asReadThen(body: Entries, { entries: then = [] }: Entries): object {
  if (!Array.isArray(body.entries)) return body;
  const entries = body.entries.map((entry, index) => {
    const known = new Set(then[index]?.changes.map(({ field }) => field));
    return { ...entry, changes: entry.changes.filter(({ field }) => known.has(field)) };
  });
  return { ...body, entries };
}

function stateHashes() {
  return MODEL_NAMES.map((name) => ({ projection: name, stateHash: stateHash(app.models.current[name]) }));
}

/** The positions of the snapshots in the directory. */
function snapshots(): readonly unknown[] {
  const database = new DatabaseSync(join(directory, 'plive.db'), { readOnly: true });
  const rows = database.prepare('SELECT DISTINCT position FROM snapshots').all();
  database.close();
  return rows.map(({ position }) => position);
}

/** The lines that `plive export` prints, each with its line break. */
async function exported(from: string): Promise<readonly string[]> {
  return lines((await plive(from, 'export')).stdout);
}

async function linesOf(file: string): Promise<readonly string[]> {
  return lines(await readFile(file, 'utf8'));
}

function lines(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

describe('the data directory of version 1', () => {
  test('verifies', () => {
    expect(verified).toMatchObject({ events: answers.end, faultCount: 0 });
  });

  // Its snapshot holds an earlier version of the organisations.
  test('is started by a replay of the whole log, without a report', () => {
    expect(found).toEqual([answers.snapshot]);
    expect(verified.snapshot).toBeNull();
    expect(snapshots()).toEqual([]);
    expect(app.reported).toEqual([]);
  });

  test('gives the same read models as a full replay of its export', async () => {
    expect(app.log.position).toBe(answers.end);
    const replayed = await pliveJson(directory, 'replay', '--file', join(process.cwd(), EXPORT));
    expect(replayed).toMatchObject({ position: answers.end, projections: stateHashes(), faults: [] });
    expect(verified.projections).toMatchObject(stateHashes());
  });

  // Objects may have more members than were recorded; arrays must have the same length.
  test.each(answers.requests)('answers $as $path with $status', async (recorded) => {
    const { status, body } = await replay(recorded);
    const expected = { status: recorded.status, body: answeredToday(recorded.body) };
    expect({ status, body: asReadThen(body, expected.body) }).toMatchObject(expected);
  });

  test.each(differences)('answers otherwise: $why', ({ was }) => {
    expect(answers.requests.some(({ body }) => JSON.stringify(body).includes(was))).toBe(true);
  });

  test('is exported to the same bytes', async () => {
    expect(await exported(directory)).toEqual(await linesOf(EXPORT));
  });

  test('names who made each key and invitation, also who was removed since', async () => {
    const makers = async (list: string) => {
      const answered = await ask<readonly { createdBy: { kind: string; name: string } }[]>(
        app,
        `/api/organizations/default/${list}`,
        { headers: headers.owner ?? {} },
      );
      return answered.body.map(({ createdBy: { kind, name } }) => `${kind} ${name}`);
    };
    expect(await makers('keys')).toEqual(['user Olga Owner', 'user Olga Owner', 'user Adam Admin']);
    expect(await makers('invitations')).toEqual(['user Olga Owner', 'user Olga Owner', 'user Adam Admin']);
  });

  // Both redactions are of events without a salt: what was blanked could be guessed from a digest of them.
  describe('exported to strangers', () => {
    let file: string;
    let lines: readonly Record<string, unknown>[];
    beforeAll(async () => {
      const { text } = await ask(app, '/api/events/export');
      lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      file = join(await temporaryDirectory(), 'log.ndjson');
      await writeFile(file, text);
    });
    afterAll(() => rm(dirname(file), { recursive: true }));

    test('has no digest of a redacted text, nor one that gives it away together with the hash', () => {
      const redacted = lines.filter(({ text }) => String(text).includes(':"[redacted]"'));
      expect(redacted.map((line) => Object.keys(line).sort())).toEqual(
        Array(2).fill(['hash', 'position', 'recordedAt', 'text', 'withheld']),
      );
    });

    test('can be verified, apart from the redacted events', async () => {
      const { default: head } = verified.heads as Record<string, object>;
      const report = await pliveJson(directory, 'verify', file);
      expect(report).toMatchObject({ events: lines.length, heads: { default: head }, withheld: 2, faultCount: 0 });
      const { stdout } = await plive(directory, 'verify', file);
      expect(stdout).toContain('\n2 blanked events are not checkable without membership\n');
    });

    test('cannot be imported', async () => {
      const refused = await plive(dirname(file), 'import', file);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Export the log as a member.')]);
    });
  });

  // The last test on this server: it adds to the log.
  test('takes new events, and a new person through an invitation', async () => {
    const service = { name: 'Search', description: 'Finds things' };
    const created = await ask(app, '/api/services', { json: service, headers: headers.owner ?? {} });
    expect(created).toMatchObject({ status: 201, body: service });
    const account = { name: 'Nora Newcomer', email: 'nora@example.org' };
    const json = { token: answers.invitation, ...account, password: 'another password for tests' };
    expect(await ask(app, '/api/invitations', { json })).toMatchObject({ status: 201, body: account });
    const report = await pliveJson<Verified>(directory, 'verify');
    expect(report).toMatchObject({ events: app.log.position, faultCount: 0 });
    expect(report.projections).toMatchObject(stateHashes());
    expect(app.log.position).toBeGreaterThan(answers.end + 1);
  });
});

describe('the export of version 1', () => {
  test('verifies with the heads of the directory', async () => {
    const { events, heads, faultCount } = await pliveJson<Verified>(directory, 'verify', join(process.cwd(), EXPORT));
    expect({ events, heads, faultCount }).toEqual({ events: answers.end, heads: verified.heads, faultCount: 0 });
  });

  test('is imported into an empty directory', async () => {
    const target = await temporaryDirectory();
    const imported = await pliveJson(target, 'import', join(process.cwd(), EXPORT));
    expect(imported).toMatchObject({ events: answers.end, heads: verified.heads });
    const { events, faultCount, projections } = await pliveJson<Verified>(target, 'verify');
    expect({ events, faultCount }).toEqual({ events: answers.end, faultCount: 0 });
    expect(projections).toEqual(verified.projections);
    expect(await exported(target)).toEqual(await linesOf(EXPORT));
    await rm(target, { recursive: true });
  });
});
