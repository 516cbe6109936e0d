// Whether the newest snapshot of an SQLite journal is what a replay gives. A bundle of its own, because it brings all read
// models and the schemas of all events: the check of a start, in the same thread, is loaded without them.
import type { Fault } from '../../log/journal.ts';
import { snapshotDifference } from '../../read-models/snapshot-check.ts';
import { snapshotSource } from './snapshot-source.ts';
import type { SqliteLog } from './sqlite-log.ts';

/** `pause` is awaited after each page of the log. */
export async function snapshotFaults(log: SqliteLog, pause: () => Promise<void>): Promise<readonly Fault[]> {
  const difference = await snapshotDifference(snapshotSource(log), pause);
  if (!difference) return [];
  const { position, models } = difference;
  const problem = `The snapshot at position ${position} differs from a replay of the log: ${models.join(', ')}.`;
  return [{ position, problem, of: 'snapshot' }];
}
