// The SQL of the SQLite journal: each call is one transaction over prepared statements.
import { digest } from '../../log/chain.ts';
import type { RedactedText } from '../../log/commit.ts';
import { KEY_LIFETIME } from '../../log/journal.ts';
import { type Ledger, type Sequenced, sequence } from '../../log/sequence.ts';
import type { LogFile } from '../log-file.ts';
import { eventPages } from './event-pages.ts';
import { eventRows } from './event-rows.ts';
import type { Calls } from './protocol.ts';

/** The calls on an open file, and the position of its last event. */
export interface SqliteLog extends Omit<Calls, 'open'> {
  head(): number;
}

/**
 * The calls on an open file. They throw errors of SQLite. After a commit that threw, none of its events can be read.
 */
export function sqliteLog({ database, wipe, close }: LogFile): SqliteLog {
  const head = database.prepare(
    'SELECT position, recorded_at AS recordedAt FROM events ORDER BY position DESC LIMIT 1',
  );
  const version = database.prepare('SELECT max(version) AS version FROM events WHERE stream = ?');
  const chainHead = database.prepare('SELECT hash FROM chain_heads WHERE organization_id = ?');
  const key = database.prepare('SELECT fingerprint, first, last FROM idempotency_keys WHERE id = ?');
  const last = database.prepare('SELECT max(position) AS position FROM events WHERE type = ?');
  const ledger: Ledger = {
    head: () => head.get() ?? { position: 0, recordedAt: '' },
    version: (stream) => version.get(stream).version ?? 0,
    chainHead: (organizationId) => chainHead.get(organizationId)?.hash,
    key: (id) => key.get(id),
    lastOf: (type) => last.get(type).position ?? 0,
  };

  const rows = eventRows(database);
  const addKey = database.prepare('INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?)');
  const dropKeys = database.prepare(
    'DELETE FROM idempotency_keys WHERE id IN (SELECT id FROM idempotency_keys WHERE recorded_at < ? ORDER BY recorded_at LIMIT ?)',
  );
  const textAt = database.prepare('SELECT text FROM events WHERE position = ?');
  const setText = database.prepare(
    'UPDATE events SET text = ?, text_digest = coalesce(text_digest, ?) WHERE position = ?',
  );
  const dropSnapshotsFrom = database.prepare('DELETE FROM snapshots WHERE position >= ?');
  const redact = ({ position, text }: RedactedText) => {
    setText.run(text, digest(textAt.get(position).text), position);
    dropSnapshotsFrom.run(position);
  };
  const record = ({ events, chainHeads, keys, redactions }: Sequenced, now: string) => {
    for (const event of events) rows.add(event);
    redactions.forEach(redact);
    for (const [organizationId, head] of chainHeads) rows.setChainHead(organizationId, head);
    for (const [id, { fingerprint, first, last }] of keys) addKey.run(id, fingerprint, first, last, now);
    // Two expired keys per new key, so that they cannot accumulate and no transaction must delete a whole day of them.
    dropKeys.run(new Date(Date.parse(now) - KEY_LIFETIME).toISOString(), 2 * keys.size);
  };

  // After the deletion or retraction of an entity its stream has redactions only.
  const lastType = database.prepare(
    "SELECT type FROM events WHERE stream = ? AND type <> 'event.redacted' ORDER BY version DESC LIMIT 1",
  );

  const listSnapshots = database.prepare('SELECT DISTINCT position FROM snapshots ORDER BY position');
  const readSnapshotPart = database.prepare('SELECT text FROM snapshots WHERE position = ? AND part = ?');
  const writeSnapshotPart = database.prepare('INSERT INTO snapshots VALUES (?, ?, ?)');
  // A snapshot that is being written during a redaction may contain the redacted text: its remaining parts are
  // discarded.
  const stale = { from: Number.POSITIVE_INFINITY, until: 0 };
  const isStale = (position: number) => position >= stale.from && position < stale.until;
  const markStale = ({ redactions, events }: Sequenced) => {
    if (redactions.length === 0) return;
    stale.from = Math.min(stale.from, ...redactions.map(({ position }) => position));
    stale.until = events.at(-1)?.position ?? stale.until;
  };
  const dropSnapshot = database.prepare('DELETE FROM snapshots WHERE position = ?');

  return {
    head: () => ledger.head().position,
    commit(commits, now) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const sequenced = sequence(ledger, commits, now);
        record(sequenced, now);
        database.exec('COMMIT');
        markStale(sequenced);
        return sequenced.outcomes;
      } catch (error) {
        rollBack(database);
        throw error;
      }
    },
    wipe,
    page: eventPages(database),
    findKey: ledger.key,
    deletedAmong: (aggregate, ids) =>
      ids.filter((id) => ENDS.has(lastType.get(`${aggregate}-${id}`)?.type.slice(aggregate.length))),
    listSnapshots: () => listSnapshots.all().map(({ position }) => position),
    readSnapshotPart: (position, part) => readSnapshotPart.get(position, part)?.text,
    writeSnapshotPart(position, part, text) {
      if (!isStale(position)) writeSnapshotPart.run(position, part, text);
    },
    dropSnapshot: (position) => void dropSnapshot.run(position),
    close,
  };
}

/** What the last event of an entity that is gone did, after its noun. */
const ENDS: ReadonlySet<string | undefined> = new Set(['.deleted', '.retracted']);

/** Rolls back. On some errors SQLite has already ended the transaction, and then this fails, which is ignored. */
export function rollBack(database: LogFile['database']): void {
  try {
    database.exec('ROLLBACK');
  } catch {}
}
