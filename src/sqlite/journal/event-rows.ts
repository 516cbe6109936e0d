// Writes stored events and the heads of their hash chains to a database.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { StoredEvent } from '../../log/journal.ts';

export interface EventRows {
  add(event: StoredEvent): void;
  setChainHead(organizationId: string, head: Pick<StoredEvent, 'position' | 'hash'>): void;
}

/** Prepares the statements. The caller begins and ends the transaction. */
export function eventRows(database: DatabaseSyncInstance): EventRows {
  const addEvent = database.prepare(
    `INSERT INTO events (position, recorded_at, organization_id, stream, version, type, text, text_digest, meta, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setChainHead = database.prepare(
    'INSERT OR REPLACE INTO chain_heads (organization_id, hash, position) VALUES (?, ?, ?)',
  );
  return {
    add({ position, recordedAt, organizationId, stream, version, type, text, textDigest, meta, hash }) {
      addEvent.run(position, recordedAt, organizationId, stream, version, type, text, textDigest, meta, hash);
    },
    setChainHead: (organizationId, { hash, position }) => void setChainHead.run(organizationId, hash, position),
  };
}
