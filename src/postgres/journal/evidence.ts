// Reads the log of a database for verification, in short reads that do not hold up those who write.
import type { ChainHead } from '../../../projections/chain/chain.ts';
import type { Evidence, RecordedHeads } from '../../../projections/chain/evidence.ts';
import { JournalError } from '../../log/journal.ts';
import type { Query } from '../transaction.ts';
import { readPage } from './event-pages.ts';

const CHAIN_HEADS = `select distinct on (organization_id) organization_id as "organizationId", position, hash
  from plive.chain_heads order by organization_id, position desc`;

/**
 * All events after a position, including those committed meanwhile, and before and after them the log's record of its
 * heads. If something cannot be read, that is the last item. Throws a `JournalError` while the database is away.
 */
export async function* storedEvidence(query: Query, after = 0): AsyncGenerator<readonly Evidence[]> {
  try {
    yield* evidence(query, after);
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'failed') throw error;
    yield [{ unreadable: { name: 'unreadable', reason: error.message } }];
  }
}

async function* evidence(query: Query, after: number): AsyncGenerator<readonly Evidence[]> {
  let heads = await chainHeads(query);
  yield [heads];
  let cursor = after;
  // Only if no event was committed after the heads were read do they belong to the last event that was read.
  for (let isMore = true; isMore; ) {
    isMore = false;
    for (let page = await readPage(query, { after: cursor }); page.events.length > 0; ) {
      yield page.events;
      cursor = page.through;
      isMore = true;
      page = await readPage(query, { after: cursor });
    }
    if (isMore) heads = await chainHeads(query);
  }
  yield [heads];
}

async function chainHeads(query: Query): Promise<RecordedHeads> {
  const rows = await query<ChainHead & { organizationId: string }>(CHAIN_HEADS);
  return { chainHeads: new Map(rows.map(({ organizationId, ...head }) => [organizationId, head])) };
}
