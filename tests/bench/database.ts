// The PostgreSQL that benches measure: a server that syncs, with a database for each bench.
import { copyTemplate, type PreparedServer, prepareServer, type TestDatabase } from '../support/postgres/databases.ts';
import { PostgresServer } from '../support/postgres/server.ts';

let prepared: Promise<PreparedServer> | undefined;

/** A new database. Its server ends with this process. */
export async function databaseToMeasure(): Promise<TestDatabase> {
  prepared ??= PostgresServer.create().then(({ url }) => prepareServer(url));
  return copyTemplate(await prepared);
}
