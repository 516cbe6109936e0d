// PostgreSQL for tests: a new database on the server of this run, or a server of a test's own that it can stop.
import { copyTemplate, prepareServer, type TestDatabase } from './postgres/databases.ts';
import { preparedServer } from './postgres/run.ts';
import { PostgresServer } from './postgres/server.ts';

/**
 * A new database with the tables of Plive, on a server that all tests of this run share: one of this run alone, or the
 * one of `TEST_DATABASE_URL`. The caller must drop it.
 */
export async function newDatabase(): Promise<TestDatabase> {
  return copyTemplate(await preparedServer());
}

/** Runs work on a server that nobody shares, and on a new database of it. */
export async function withServer(
  work: (server: Pick<PostgresServer, 'start' | 'stop'>, database: TestDatabase) => Promise<void>,
): Promise<void> {
  const server = await PostgresServer.create();
  try {
    await work(server, await copyTemplate(await prepareServer(server.url)));
  } finally {
    await server.dispose();
  }
}
