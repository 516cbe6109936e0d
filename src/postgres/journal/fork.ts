// What a node does that has found another log in the database than it knows: it waits until it may open that one.
import { setTimeout } from 'node:timers/promises';
import type { Database } from '../database.ts';
import { acceptFork } from './accept-fork.ts';
import { type Continuity, LOG_STATE, LOG_STATE_TABLES, type LogState } from './continuity.ts';

/** Whether a node accepts by itself that the database has another log than it knows. */
export type OnFork = 'refuse' | 'accept';

interface ForkParts {
  readonly database: Database;
  readonly continuity: Continuity;
  readonly onFork: OnFork;
}

/** The time between two looks at the database, in milliseconds. */
const PAUSE = 1_000;

/**
 * Resolves with `true` when the fork was accepted, or the database has the log again that this node knows; with `false`
 * when the signal aborts, or if there is no fork. Never rejects.
 */
export async function forkSettled(parts: ForkParts, signal: AbortSignal): Promise<boolean> {
  if (!parts.continuity.isForked) return false;
  while (!signal.aborted) {
    if (await isSettled(parts).catch(() => false)) return true;
    await setTimeout(PAUSE, undefined, { signal, ref: false }).catch(() => {});
  }
  return false;
}

async function isSettled({ database, continuity, onFork }: ForkParts): Promise<boolean> {
  const [state] = await database.query<LogState>('requests', READ, [continuity.known.position]);
  if (!state) return false;
  if (continuity.isSettled(state)) return true;
  if (onFork === 'accept') await acceptFork(database, continuity.epoch);
  return onFork === 'accept';
}

const READ = `select ${LOG_STATE} from ${LOG_STATE_TABLES}`;
