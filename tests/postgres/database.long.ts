// The connections to PostgreSQL: what they refuse, how long calls wait while the server is away, and that they come back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { Database } from '../../src/postgres/database.ts';
import { migrate } from '../../src/postgres/migrations.ts';
import { newDatabase, withServer } from '../support/postgres.ts';

type Fresh = Awaited<ReturnType<typeof newDatabase>>;

const opened: Database[] = [];

function databaseAt(url: string, allowUnsafe = false): Database {
  const database = new Database({ url, allowUnsafe }, { nodeName: 'tested' });
  opened.push(database);
  return database;
}

/** Calls until one succeeds, for a minute at most. */
async function eventually<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A statement that changes a default of the role, in its database alone: other tests have the same role. */
function settingOfRole(change: string): string {
  return `do $$ begin execute format('alter role %I in database %I ${change}', current_user, current_database()); end $$`;
}

const one = (database: Database) => database.query('requests', 'select 1::bigint as one');
const refusal = (code: string, words: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(words) });

describe('a database', () => {
  let fresh: Fresh;
  let database: Database;

  beforeAll(async () => {
    fresh = await newDatabase();
    database = databaseAt(fresh.url);
  });
  afterAll(async () => {
    for (const each of opened.splice(0)) await each.close();
    await fresh.drop();
  });

  test('has large integers as numbers', async () => {
    expect(await one(database)).toEqual([{ one: 1 }]);
  });

  test('names the node in the list of connections', async () => {
    const [row] = await database.query('append', `select current_setting('application_name') as name`);
    expect(row).toEqual({ name: 'plive tested' });
  });

  test('a transaction has time-outs and is durable, whatever the role has as defaults', async () => {
    for (const [name, value] of [
      ['synchronous_commit', 'off'],
      ['default_transaction_isolation', 'serializable'],
    ]) {
      await database.query('requests', settingOfRole(`set ${name} = ${value}`));
    }
    const careless = databaseAt(fresh.url);
    const names = ['synchronous_commit', 'transaction_isolation', 'lock_timeout', 'statement_timeout'];
    const settings = await careless.transaction('append', (query) =>
      query('select name, current_setting(name) as value from unnest($1::text[]) as name', [names]),
    );
    expect(settings.map(({ value }) => value)).toEqual(['on', 'read committed', '2s', '4s']);
  });

  test('what a transaction threw has changed nothing, and the connection serves the next one', async () => {
    const failed = database.transaction('append', async (query) => {
      await query("insert into plive.leases values ('tried', 'me', 1, now())");
      throw new RangeError('given up');
    });
    await expect(failed).rejects.toThrow(new RangeError('given up'));
    const refused = database.transaction('append', (query) => query('select 1 / 0'));
    await expect(refused).rejects.toEqual(refusal('failed', 'SQLSTATE 22012'));
    expect(await database.query('append', 'select * from plive.leases')).toEqual([]);
  });

  test('no error quotes a row', async () => {
    const twice = `insert into plive.idempotency_keys select 'a', 'a secret', 1, 1, '' from generate_series(1, 2)`;
    const error = await database.query('requests', twice).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'JournalError', state: '23505' });
    expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain('secret');
  });

  test.each([
    ['a wrong password', { password: 'a-wrong-one' }, 'the user or the password'],
    ['a database that is not there', { pathname: '/nowhere' }, 'does not have this database'],
  ])('%s is refused for good, with a sentence that does not quote it', async (_, change, words) => {
    const error = await databaseAt(Object.assign(new URL(fresh.url), change).href)
      .check()
      .catch((reason) => reason);
    expect(error).toEqual(refusal('failed', words));
    expect(`${error.stack}`).not.toContain('a-wrong-one');
  });

  test('a database that a newer version has written to is refused', async () => {
    await migrate(database);
    await database.query('requests', 'update plive.versions set least_reader = 1000');
    await expect(migrate(database)).rejects.toEqual(refusal('failed', 'start the newer one'));
    await database.query('requests', 'update plive.versions set least_reader = 1');
  });

  test('nodes that start at the same time create the tables once', async () => {
    await database.query('requests', 'drop schema plive cascade');
    const nodes = Array.from({ length: 4 }, () => databaseAt(fresh.url));
    await Promise.all(nodes.map(migrate));
    expect(await database.query('requests', 'select count(*) from plive.head')).toEqual([{ count: 1 }]);
  });
});

describe('a server that is away', () => {
  test('refuses calls at once, and they succeed again when it is back', async () => {
    await withServer(async (server, { url }) => {
      const database = databaseAt(url);
      await database.check();
      await server.stop();
      await expect(one(database)).rejects.toEqual(refusal('away', 'PostgreSQL'));
      await expect(one(database)).rejects.toEqual(refusal('away', 'cannot be reached'));
      await expect(one(database)).rejects.toBe(database.away);
      await server.start();
      expect(await eventually(() => one(database))).toEqual([{ one: 1 }]);
      await database.close();
    });
  });

  test('is one that takes no writes, until it does', async () => {
    const { url, drop } = await newDatabase();
    const database = databaseAt(url);
    await database.check();
    await database.query('requests', settingOfRole('set default_transaction_read_only = on'));
    const write = () => database.transaction('scans', (query) => query('delete from plive.leases'));
    await expect(write()).rejects.toEqual(refusal('away', 'read-only'));
    await expect(one(database)).rejects.toEqual(refusal('away', 'read-only'));
    await asWriter(url, settingOfRole('reset default_transaction_read_only'));
    expect(await eventually(write)).toEqual([]);
    await database.close();
    await drop();
  });

  test('a statement that takes too long is away, and the server is not', async () => {
    const { url, drop } = await newDatabase();
    const database = databaseAt(url);
    const slow = database.transaction('scans', async (query) => {
      await query('set local statement_timeout = 10');
      await query('select pg_sleep(10)');
    });
    await expect(slow).rejects.toEqual(refusal('away', 'took too long'));
    expect(database.away).toBeUndefined();
    await database.close();
    await drop();
  });
});

async function asWriter(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`begin read write; ${sql}; commit`);
  await client.end();
}
