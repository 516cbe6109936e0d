// Stores snapshots in PostgreSQL, for all nodes whose states have the same format.
import { randomUUID } from 'node:crypto';
import { readAhead } from '../../bounds/read-ahead.ts';
import type { SnapshotStore } from '../../log/journal.ts';
import type { Database } from '../database.ts';
import { PostgresError } from '../journal-error.ts';
import { LOCK_HEAD } from './append.ts';

const LIST = 'select distinct position from plive.snapshots where format = $1 and is_complete order by position';
const FIND =
  'select id from plive.snapshots where format = $1 and position = $2 and is_complete order by begun_at desc limit 1';
const READ = 'select text from plive.snapshot_parts where snapshot = $1 and part = $2';
const DROP = 'delete from plive.snapshots where format = $1 and position = $2 and is_complete';

/** A state that was captured before a redaction of one of its events has the words. */
const BEGIN = `insert into plive.snapshots (id, format, position, is_complete, begun_at)
  select $1, $2, $3, false, now() where not exists (
    select from plive.events where blanks is not null and position > $3
      and (select min(blank) from unnest(blanks) as blank) <= $3)
  returning id`;
const WRITE = `insert into plive.snapshot_parts (snapshot, part, text)
  select $1, $2, $3 from plive.snapshots where id = $1 returning part`;
const COMPLETE = `with done as (
    update plive.snapshots set is_complete = true where id = $1 returning id, format, position
  )
  delete from plive.snapshots as old using done
  where old.format = done.format and old.position = done.position and old.is_complete and old.id <> done.id`;
const GIVE_UP = 'delete from plive.snapshots where id = $1';
/** Those of processes that ended meanwhile. */
const SWEEP =
  "delete from plive.snapshots where format = $1 and not is_complete and begun_at < now() - interval '1 hour'";

/** Those of versions that have not run for a month. One that runs all the same reads the log instead. */
const SWEEP_FORMATS = "delete from plive.snapshots where format <> $1 and begun_at < now() - interval '30 days'";

/** A foreign key has lost its row. */
const ROW_IS_GONE = '23503';
/** A redaction removes the snapshot meanwhile: the next attempt sees that. */
const IN_FAVOUR_OF_ANOTHER = /^40/;

export class PostgresSnapshots implements SnapshotStore {
  readonly #database: Database;
  readonly #format: string;

  /** `format` names the versions of the states. Snapshots of other formats are not listed, and removed when they are old. */
  constructor(database: Database, format: string) {
    this.#database = database;
    this.#format = format;
  }

  async list(): Promise<readonly number[]> {
    const rows = await this.#query<{ position: number }>(LIST, [this.#format]);
    return rows.map(({ position }) => position);
  }

  /** A snapshot can be read once all its parts are there. A redaction that may concern it removes it: then nothing remains. */
  async write(position: number, parts: Iterable<string>): Promise<void> {
    await this.#query(SWEEP, [this.#format]);
    const id = randomUUID();
    if (!(await this.#begin(id, position))) return;
    try {
      let part = 0;
      for (const text of parts) if (!(await this.#writePart(id, part++, text))) return;
      await this.#query(COMPLETE, [id]);
    } catch (error) {
      await this.#query(GIVE_UP, [id]).catch(() => {});
      throw error;
    }
    await this.#query(SWEEP_FORMATS, [this.#format]);
  }

  read(position: number): AsyncIterable<string> {
    return readAhead(this.#parts(position));
  }

  async drop(position: number): Promise<void> {
    await this.#query(DROP, [this.#format, position]);
  }

  async *#parts(position: number): AsyncGenerator<string> {
    const [found] = await this.#query<{ id: string }>(FIND, [this.#format, position]);
    for (let part = 0; found; part += 1) {
      const [row] = await this.#query<{ text: string }>(READ, [found.id, part]);
      if (!row) return;
      yield row.text;
    }
  }

  /** Behind the lock of the head: a redaction is either seen here, or sees this snapshot. */
  #begin(id: string, position: number): Promise<boolean> {
    return this.#database.transaction(
      'scans',
      async (query) => (await query(BEGIN, [id, this.#format, position])).length > 0,
      { first: LOCK_HEAD },
    );
  }

  /** Whether the snapshot is still wanted. */
  async #writePart(id: string, part: number, text: string): Promise<boolean> {
    try {
      return (await this.#query(WRITE, [id, part, text])).length > 0;
    } catch (error) {
      const { state } = error instanceof PostgresError ? error : {};
      if (state === ROW_IS_GONE) return false;
      if (state === undefined || !IN_FAVOUR_OF_ANOTHER.test(state)) throw error;
      return this.#writePart(id, part, text);
    }
  }

  #query<Row extends object>(sql: string, values: unknown[]): Promise<readonly Row[]> {
    return this.#database.query<Row>('scans', sql, values);
  }
}
