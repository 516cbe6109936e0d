// Waits until this node knows what workflows must not overlook.
import { BEHIND } from '../commands/attempts.ts';
import type { Failure } from '../commands/dispatched.ts';
import type { EventLog } from '../log/event-log.ts';

/**
 * Waits for the commits that this node is recording, and for those that other nodes have recorded. Resolves with the
 * reason if that takes too long.
 */
export async function catchUp(log: Pick<EventLog, 'settled' | 'freshen'>): Promise<Failure | undefined> {
  await log.settled();
  return (await log.freshen()) ? undefined : BEHIND;
}
