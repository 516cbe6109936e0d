// The PostgreSQL server of the tests: stops as in a crash, starts again with its data, and grants its role little.
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { newDatabase, withServer } from '../support/postgres.ts';

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a server that was stopped starts again on the same port, with what was committed', async () => {
  await withServer(async (server, { url }) => {
    await query(url, 'create schema kept');
    await server.stop();
    await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await server.start();
    const kept = "select nspname from pg_namespace where nspname = 'kept'";
    expect(await query(url, kept)).toEqual([{ nspname: 'kept' }]);
  });
});

test('the connections to a database can be ended, and those to another go on', async () => {
  const [cut, other] = [await newDatabase(), await newDatabase()];
  const clients = [cut, other].map(({ url }) => new pg.Client({ connectionString: url }));
  const ended = clients.map(() => 0);
  for (const [index, client] of clients.entries()) {
    client.on('error', () => {
      ended[index] = 1;
    });
    await client.connect();
  }
  await cut.terminateBackends();
  await expect(clients[0]?.query('select 1')).rejects.toThrow();
  expect([ended, (await clients[1]?.query('select 1 as one'))?.rows]).toEqual([[1, 0], [{ one: 1 }]]);
  await clients[1]?.end();
  await Promise.all([cut.drop(), other.drop()]);
});

test('the role may use its own schema, and nothing else', async () => {
  const database = await newDatabase();
  await query(database.url, 'create schema if not exists plive');
  for (const refused of ['create table public.mine ()', 'create temporary table mine ()', 'create role other']) {
    await expect(query(database.url, refused)).rejects.toThrow('permission denied');
  }
  await database.drop();
});
