// When accounts cannot be read or changed: requests that need them get 503, the health check says why, others go on.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import type { IdentityStore } from '../../src/identity/identity-store.ts';
import { StoreWatch } from '../../src/identity/store-watch.ts';
import { JournalError } from '../../src/log/journal.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { sqliteIdentityStore } from '../../src/sqlite/identity/sqlite-identity-store.ts';
import { type AccountsApp, addKey, PASSWORD, type Someone, startOwned } from '../support/accounts.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { ask, get } from '../support/rest.ts';
import { ROOT } from '../support/root.ts';

let directory: string;
let app: AccountsApp & { owner: Someone };

beforeEach(async () => {
  directory = await temporaryDirectory();
  app = await startOwned({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
});
afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

/** Changes the database behind the back of the server. */
function inDatabase(sql: string): void {
  const database = new DatabaseSync(join(directory, 'plive.db'));
  database.exec(sql);
  database.close();
}

const signIn = () => ask(app, '/api/sessions', { json: { email: app.owner.email, password: PASSWORD } });
const UNAVAILABLE = { status: 503, body: { code: 'unavailable' } };

describe('accounts that cannot be changed', () => {
  const fail = () => inDatabase("CREATE TRIGGER t BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'broken'); END");
  const mend = () => inDatabase('DROP TRIGGER t');

  test('answer 503, and the health check says why until they can', async () => {
    fail();
    const refused = await signIn();
    expect(refused).toMatchObject(UNAVAILABLE);
    expect(refused.headers.get('Retry-After')).toBe('10');
    expect(await ask(app, '/health')).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        problems: [expect.stringMatching(/^Accounts and sessions cannot be changed: .*broken/)],
      },
    });
    expect(app.reported).toEqual([
      expect.stringMatching(/^accounts and sessions cannot be changed: .*broken/),
      expect.stringMatching(/^request .* failed: .*broken/),
    ]);
    mend();
    expect(await signIn()).toMatchObject({ status: 201 });
    expect(await get(app, '/health')).toMatchObject({ status: 'ok' });
  });

  test('show as mended without anyone changing something', async () => {
    fail();
    await signIn();
    expect(await ask(app, '/api/me', { headers: app.owner.headers })).toMatchObject({ status: 200 });
    expect(await get(app, '/health')).toMatchObject({ status: 'degraded' });
    mend();
    // Without a time of use to write, only the probe shows it.
    app.identity.sessions.takeUses();
    await app.identity.upkeep();
    expect(await get(app, '/health')).toMatchObject({ status: 'ok' });
  });

  // SQLite waits for the lock for five seconds.
  test('because another program has locked them answer 503', async () => {
    const database = new DatabaseSync(join(directory, 'plive.db'));
    database.exec('BEGIN IMMEDIATE');
    expect(await signIn()).toMatchObject(UNAVAILABLE);
    expect(await get(app, '/health')).toMatchObject({
      problems: [expect.stringContaining('Another process uses this')],
    });
    database.exec('ROLLBACK');
    database.close();
  });
});

describe('accounts that cannot be read', () => {
  test('answer 503 to who sends a key or a cookie; what is public goes on', async () => {
    const { headers } = await addKey(app, 'viewer');
    inDatabase('ALTER TABLE api_keys RENAME TO gone; ALTER TABLE sessions RENAME TO gone_too');
    expect(await ask(app, '/api/services', { headers })).toMatchObject(UNAVAILABLE);
    expect(await get(app, '/api/services')).toEqual([]);
    expect(await get(app, '/health')).toMatchObject({
      status: 'degraded',
      problems: [expect.stringMatching(/^Accounts and sessions cannot be read: .*no such table/)],
    });
  });

  test('refuse a socket with a sentence that says so', async () => {
    const { key } = await addKey(app, 'viewer');
    inDatabase('ALTER TABLE api_keys RENAME TO gone');
    const socket = io(app.url, { auth: { key }, transports: ['websocket'], reconnection: false });
    const refusal = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    expect(refusal.message).toBe('Accounts and keys cannot be read at the moment; try again later.');
    socket.close();
  });
});

describe('the watch', () => {
  test('tells of a thread that has gone', async () => {
    const reported: string[] = [];
    const watch = new StoreWatch(sqliteIdentityStore({ root: ROOT }), (message) => reported.push(message));
    await watch.store.open();
    await watch.store.close();
    await expect(watch.store.findUser({ id: 'x' })).rejects.toThrow('The database thread has stopped');
    await expect(watch.store.findKey('x')).rejects.toThrow('The database thread has stopped');
    expect(watch.problems).toEqual([
      expect.stringMatching(/^Accounts and sessions cannot be read: The database thread/),
    ]);
    expect(reported).toEqual(['accounts and sessions cannot be read']);
  });

  test('tells of a full disk until something is written: neither a read nor an empty sweep shows that there is room', async () => {
    let isFull = true;
    const write = async () => {
      if (isFull) throw new JournalError('full', 'No space is left.');
    };
    const store = { addSession: write, findSession: async () => undefined, sweep: async () => [], probe: write };
    const watch = new StoreWatch(store as unknown as IdentityStore, () => {});
    await expect(watch.store.probe()).rejects.toThrow('No space');
    await watch.store.findSession('x');
    await watch.store.sweep({ created: '', used: '', now: '' });
    expect(watch.problems).toEqual(['Accounts and sessions cannot be changed: No space is left.']);
    isFull = false;
    await watch.store.probe();
    expect(watch.problems).toEqual([]);
  });
});
