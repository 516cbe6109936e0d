// Databases that are emptied and used again, which takes less time than to make others.
import pg from 'pg';
import { copyTemplate, type TestDatabase } from './databases.ts';
import { preparedServer } from './run.ts';

/** What a migrated database has at the beginning is left. */
const EMPTY = `do $$ declare name text; begin
  for name in select tablename from pg_tables
    where schemaname = 'plive' and tablename not in ('head', 'versions', 'migrations') loop
    execute format('delete from plive.%I', name);
  end loop;
end $$`;

export class ReusedDatabases {
  readonly #made: TestDatabase[] = [];
  readonly #free: TestDatabase[] = [];

  /** A database with empty tables. The caller gives it back when nothing is connected to it. */
  async take(): Promise<TestDatabase> {
    const free = this.#free.pop();
    if (free) return free;
    const database = await copyTemplate(await preparedServer());
    this.#made.push(database);
    return database;
  }

  async giveBack(database: TestDatabase): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(EMPTY);
    await client.end();
    this.#free.push(database);
  }

  async drop(): Promise<void> {
    await Promise.all(this.#made.map((database) => database.drop()));
  }
}
