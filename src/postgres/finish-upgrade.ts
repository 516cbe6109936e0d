// Ends an upgrade of several nodes: from then on, programs that know less of the data neither read nor write it.
import { JournalError } from '../log/journal.ts';
import type { Database } from './database.ts';
import { LOCK_HEAD } from './journal/append.ts';
import { refusalOf } from './migrations.ts';
import { olderNodes } from './nodes/nodes.ts';
import type { Query } from './transaction.ts';

export interface UpgradeOptions {
  /** The least data version that may read and write from then on. */
  readonly dataVersion: number;
  /** Whether nodes that know less may be stopped. */
  readonly force: boolean;
}

export interface FinishedUpgrade {
  /** The least data version that may read and write now. */
  readonly dataVersion: number;
  /** Whether an older one was enough before. */
  readonly raised: boolean;
  /** The names of nodes that have to stop. */
  readonly stopped: readonly string[];
}

/**
 * Raises the least versions behind the lock of the head: no commit of an older program comes after this. Never lowers them.
 * Rejects with a `JournalError` if this program may not use the database, or older nodes do and may not be stopped.
 */
export function finishUpgrade(database: Database, { dataVersion, force }: UpgradeOptions): Promise<FinishedUpgrade> {
  const finish = async (query: Query): Promise<FinishedUpgrade> => {
    const { reader, writer } = await leastVersions(query);
    const refusal = refusalOf(Math.max(reader, writer));
    if (refusal !== undefined) throw new JournalError('failed', refusal);
    const least = Math.min(reader, writer);
    if (least >= dataVersion) return { dataVersion: least, raised: false, stopped: [] };
    const stopped = await olderNodes(query, dataVersion);
    if (stopped.length > 0 && !force) throw new JournalError('failed', inUseBy(stopped));
    await query(RAISE, [dataVersion]);
    return { dataVersion, raised: true, stopped };
  };
  return database.transaction('append', finish, { first: LOCK_HEAD });
}

interface LeastVersions {
  readonly reader: number;
  readonly writer: number;
}

async function leastVersions(query: Query): Promise<LeastVersions> {
  const [versions] = await query<LeastVersions>(
    'select least_reader as reader, least_writer as writer from plive.versions',
  );
  return versions as LeastVersions;
}

const RAISE = `update plive.versions
  set least_reader = greatest(least_reader, $1::integer), least_writer = greatest(least_writer, $1::integer)`;

function inUseBy(names: readonly string[]): string {
  return (
    `Servers of an older version use this database: ${names.join(', ')}. Upgrade or stop them, then run this again. One that ` +
    'was killed counts for ten seconds. With --force they record nothing more, and show what they have read until they are ' +
    'stopped.'
  );
}
