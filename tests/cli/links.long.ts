// `plive setup` and `plive user reset`: links that work in a running server, once.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AccountsApp, addPerson, startUnowned } from '../support/accounts.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { plive, pliveWith, runPlive, startPlive } from '../support/plive.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@plive.test', password: 'analytical engine' };
const LINK = /^https:\/\/status\.acme\.dev\/(?:setup|reset)#token=([\w-]{43})\n$/;

let directory: string;
let app: AccountsApp | undefined;
let server: ReturnType<typeof startPlive> | undefined;

beforeEach(async () => {
  directory = await temporaryDirectory();
  await writeFile(join(directory, '.env'), 'AUTH=required\nPUBLIC_URL=https://status.acme.dev\nLOG_FORMAT=none\n');
});

afterEach(async () => {
  server?.child.kill('SIGTERM');
  await server?.ended;
  server = undefined;
  await app?.close();
  app = undefined;
  await rm(directory, { recursive: true });
});

/** Starts the server as a process, and asks it. */
async function serving() {
  const started = startPlive(directory, { PORT: '0' }, 'serve');
  server = started;
  const [url = ''] = (await started.printed(/http:\/\/\S+/)) ?? [];
  return { post: (path: string, json: object) => post(url + path, json), printed: started.printed };
}

async function post(url: string, json: object): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(json) });
  return status;
}

/** The same server in this process, where passwords cost little. */
async function running() {
  const started = await startUnowned({
    DATABASE_URL: 'sqlite:',
    DATA_DIR: directory,
    PUBLIC_URL: 'https://status.acme.dev',
  });
  app = started;
  const { url, workflows } = started;
  // Its process prints a link with it.
  const printedToken = (await workflows.setUp.issueToken()) ?? '';
  return { app: started, post: (path: string, json: object) => post(url + path, json), printedToken };
}

async function tokenOf(...words: readonly string[]): Promise<string> {
  const environment = { AUTH: 'required', PUBLIC_URL: 'https://status.acme.dev' };
  const { code, stdout, stderr } = await pliveWith(environment, directory, ...words);
  expect([code, stderr, stdout]).toEqual([0, '', expect.stringMatching(LINK)]);
  return LINK.exec(stdout)?.[1] ?? '';
}

describe('the set-up link', () => {
  test('is printed by a server that nobody owns, and by none that has an owner', async () => {
    const first = await serving();
    const [, token] = (await first.printed(/https:\/\/status\.acme\.dev\/setup#token=([\w-]{43})/)) ?? [];
    expect(await first.post('/api/setup', { token, ...ADA })).toBe(201);
    server?.child.kill('SIGTERM');
    await server?.ended;
    const second = await serving();
    expect(await second.post('/api/sessions', ADA)).toBe(201);
    expect(server?.output).not.toContain('setup');
    expect(await plive(directory, 'setup')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('an owner already'),
    });
  });

  test('is made before the first start, and beside the running server in place of its own', async () => {
    const before = await tokenOf('setup');
    const { post, printedToken } = await running();
    const beside = await tokenOf('setup');
    for (const token of [before, printedToken]) expect(await post('/api/setup', { token, ...ADA })).toBe(410);
    expect(await post('/api/setup', { token: beside, ...ADA })).toBe(201);
  });
});

test('a link for a new password works once', async () => {
  const { post } = await running();
  await post('/api/setup', { token: await tokenOf('setup'), ...ADA });
  const token = await tokenOf('user', 'reset', ADA.email.toUpperCase());
  const password = 'difference engine';
  expect(await post('/api/password', { token, password })).toBe(204);
  expect(await post('/api/password', { token, password })).toBe(410);
  expect(await post('/api/sessions', ADA)).toBe(401);
  expect(await post('/api/sessions', { ...ADA, password })).toBe(201);
});

test('a new e-mail address works at once beside the running server, and keeps the password', async () => {
  const { post, app } = await running();
  await post('/api/setup', { token: await tokenOf('setup'), ...ADA });
  const other = await addPerson(app);
  const email = 'ada.king@plive.test';
  const changed = await plive(directory, 'user', 'email', ADA.email.toUpperCase(), 'Ada.King@plive.test');
  expect(changed).toEqual({ code: 0, stdout: `Ada Lovelace now has the address ${email}\n`, stderr: '' });
  expect(await post('/api/sessions', ADA)).toBe(401);
  expect(await post('/api/sessions', { ...ADA, email })).toBe(201);
  for (const [from, to, sentence] of [
    [ADA.email, 'new@plive.test', 'There is no account with the address ada@plive.test.'],
    [email, 'not an address', '"not an address" is not an e-mail address.'],
    [email, other.email.toUpperCase(), `Another account has the address ${other.email}.`],
  ] as const) {
    const { code, stderr } = await plive(directory, 'user', 'email', from, to);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  }
});

test.each([
  [['user', 'reset', 'nobody@plive.test'], 'There is no log in'],
  [['user', 'reset'], 'The e-mail address is missing.'],
  [['user', 'remove', 'ada@plive.test'], 'Unknown action "remove". The actions are: reset, email'],
  [['user', 'email', 'ada@plive.test'], 'The new address is missing.'],
  [['setup', 'now'], 'Unexpected argument "now".'],
])('%j is refused: %s', async (words, sentence) => {
  const { code, stdout, stderr } = await plive(directory, ...words);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(sentence)]);
});

test('an open server has no set-up', async () => {
  await writeFile(join(directory, '.env'), 'AUTH=open\n');
  const { code, stderr } = await runPlive(directory, 'setup');
  expect([code, stderr]).toEqual([2, expect.stringContaining('set AUTH=required')]);
});
