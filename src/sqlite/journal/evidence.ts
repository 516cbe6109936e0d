// What the database of an SQLite journal has to show for itself, in short reads: whoever goes on writing to it need not wait.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Before, ChainHead, Evidence } from '../../log/verify.ts';
import { asJournalError } from '../journal-error.ts';
import { refuseCut } from '../log-file.ts';
import { eventPages } from './event-pages.ts';

/**
 * All events after a position, those included that are committed meanwhile, and what the log keeps of its end.
 * Where something cannot be read, that comes last.
 */
export async function* storedEvidence(database: DatabaseSyncInstance, after = 0): AsyncGenerator<readonly Evidence[]> {
  try {
    const page = eventPages(database);
    const chainHeads = chainHeadsOf(database);
    let kept = chainHeads();
    yield [kept];
    let cursor = after;
    do {
      for (let events = page({ after: cursor }); events.length > 0; events = page({ after: cursor })) {
        yield events;
        cursor = events.at(-1)?.position ?? cursor;
      }
      kept = chainHeads();
      // If nothing came meanwhile, then this is what is kept of the end that was read.
    } while (page({ after: cursor }).length > 0);
    yield [kept];
    refuseCut(database);
  } catch (error) {
    const failure = asJournalError(error);
    if (failure.code !== 'failed') throw failure;
    yield [{ unreadable: failure.message }];
  }
}

function chainHeadsOf(database: DatabaseSyncInstance): () => { readonly chainHeads: ReadonlyMap<string, ChainHead> } {
  const all = database.prepare('SELECT organization_id AS organizationId, position, hash FROM chain_heads');
  return () => ({
    chainHeads: new Map(all.all().map(({ organizationId, ...head }) => [organizationId, head])),
  });
}

/** What was recorded up to a position. */
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
