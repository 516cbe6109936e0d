// Reads the database of an SQLite journal for verification, in short reads that do not block a concurrent writer.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { ChainHead } from '../../../projections/chain/chain.ts';
import type { Before, Evidence } from '../../../projections/chain/evidence.ts';
import { asJournalError } from '../journal-error.ts';
import { refuseTruncated } from '../log-file.ts';
import { eventPages } from './event-pages.ts';

/**
 * All events after a position, including those committed meanwhile, and before and after them the log's record of its
 * heads. If something cannot be read, that is the last item.
 */
export async function* storedEvidence(database: DatabaseSyncInstance, after = 0): AsyncGenerator<readonly Evidence[]> {
  try {
    const page = eventPages(database);
    const chainHeads = chainHeadsOf(database);
    let heads = chainHeads();
    yield [heads];
    let cursor = after;
    do {
      for (let next = page({ after: cursor }); next.events.length > 0; next = page({ after: cursor })) {
        yield next.events;
        cursor = next.through;
      }
      heads = chainHeads();
      // Only if no event was committed meanwhile do these heads belong to the last event that was read.
    } while (page({ after: cursor }).events.length > 0);
    yield [heads];
    refuseTruncated(database);
  } catch (error) {
    const failure = asJournalError(error);
    if (failure.code !== 'failed') throw failure;
    yield [{ unreadable: { name: 'unreadable', reason: failure.message } }];
  }
}

function chainHeadsOf(database: DatabaseSyncInstance): () => { readonly chainHeads: ReadonlyMap<string, ChainHead> } {
  const all = database.prepare('SELECT organization_id AS organizationId, position, hash FROM chain_heads');
  return () => ({
    chainHeads: new Map(all.all().map(({ organizationId, ...head }) => [organizationId, head])),
  });
}

/** The recorded state up to a position. */
export function recordedUpTo(database: DatabaseSyncInstance, position: number): Before {
  const head = database.prepare(
    'SELECT position, recorded_at AS recordedAt FROM events WHERE position <= ? ORDER BY position DESC LIMIT 1',
  );
  const version = database.prepare(
    'SELECT version FROM events WHERE stream = ? AND position <= ? ORDER BY version DESC LIMIT 1',
  );
  const chainHead = database.prepare(
    'SELECT hash FROM events WHERE organization_id = ? AND position <= ? ORDER BY position DESC LIMIT 1',
  );
  return {
    head: () => head.get(position) ?? { position: 0, recordedAt: '' },
    version: (stream) => version.get(stream, position)?.version ?? 0,
    chainHead: (organizationId) => chainHead.get(organizationId, position)?.hash,
  };
}
