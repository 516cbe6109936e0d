// Imports exported events into the empty log of a database, all or none of them.
import { type ImportTarget, importEvents } from '../../log/import-events.ts';
import { JournalError, type StoredEvent } from '../../log/journal.ts';
import { scanned } from '../../log/page.ts';
import type { VerifyReport } from '../../log/verify.ts';
import type { Database } from '../database.ts';
import { migrate } from '../migrations.ts';
import type { Query } from '../transaction.ts';
import { LOCK_HEAD } from './append.ts';
import { readHead, readPage } from './event-pages.ts';

/** How long a statement may take, and how long the transaction waits for the file between two of them, in milliseconds. */
const PATIENCE = 10 * 60 * 1_000;

/**
 * Makes the tables if they are missing, stores the events in one transaction that nobody can append to meanwhile, and
 * verifies them before it is committed. Rejects with `NotImportable`, or with a `JournalError` if the log already has events;
 * then the log is unchanged. `stored` is called with the number of events so far.
 */
export async function importIntoDatabase(
  database: Database,
  pages: AsyncIterable<readonly StoredEvent[]>,
  stored: (events: number) => void,
): Promise<VerifyReport> {
  await database.check();
  await migrate(database);
  const work = async (query: Query) => {
    await query(`set local idle_in_transaction_session_timeout = ${PATIENCE}`);
    if ((await readHead(query)) > 0) throw new JournalError('failed', NOT_EMPTY);
    return importEvents(targetIn(query), pages, stored);
  };
  return database.transaction('append', work, { first: LOCK_HEAD, patience: PATIENCE });
}

const NOT_EMPTY = 'The log in this database is not empty: import into another database.';

const ADD_EVENTS = `insert into plive.events
    (position, recorded_at, organization_id, stream, version, type, text, text_digest, meta, hash)
  select position, "recordedAt", "organizationId", stream, version, type, text, "textDigest", meta, hash
  from json_to_recordset($1) as new (position bigint, "recordedAt" text, "organizationId" text, stream text,
    version bigint, type text, text text, "textDigest" text, meta text, hash text)
  on conflict do nothing returning position`;
const ADD_CHAIN_HEADS = `insert into plive.chain_heads (organization_id, position, hash)
  select "organizationId", position, hash
  from json_to_recordset($1) as new ("organizationId" text, position bigint, hash text)`;

function targetIn(query: Query): ImportTarget {
  return {
    async add(events) {
      const rows = await query<{ position: number }>(ADD_EVENTS, [JSON.stringify(events)]);
      const added = new Set(rows.map(({ position }) => position));
      return events.find(({ position }) => !added.has(position));
    },
    async setChainHeads(heads) {
      const rows = [...heads].map(([organizationId, head]) => ({ organizationId, ...head }));
      await query(ADD_CHAIN_HEADS, [JSON.stringify(rows)]);
    },
    pages: () => scanned({ after: 0 }, (options) => readPage(query, options)),
  };
}
