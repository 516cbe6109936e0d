// When a command is decided again: because another one was faster, or because what it was decided on may be old.
import type { Conflict } from '../log/commit.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Dispatched, Failure } from './dispatched.ts';

/** How long a command is decided again because others are faster, in milliseconds. */
const CONTENTION = 2_000;

/** The attempts to decide one command. */
export class Attempts {
  readonly #log: EventLog;
  readonly #late = performance.now() + CONTENTION;
  #lastConflict: Conflict | undefined;
  /** Whether the log has been fresh since the command came. */
  #isFresh = false;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** What the command answers, or `again`. `seen` is the position of the log at which it was decided. */
  async judge(result: Dispatched | Conflict, seen: number): Promise<Dispatched | 'again'> {
    if (result.kind === 'conflict') return this.#afterConflict(result);
    return isFinal(result) ? result : this.refused(result, seen);
  }

  /** The same of what the log may give no ground for any more. */
  async refused<T>(result: T, seen: number): Promise<T | Failure | 'again'> {
    if (this.#isFresh) return result;
    if (!(await this.#log.freshen())) return BEHIND;
    this.#isFresh = true;
    return this.#log.position === seen ? result : 'again';
  }

  async #afterConflict(conflict: Conflict): Promise<Failure | 'again'> {
    const last = this.#lastConflict;
    this.#lastConflict = conflict;
    // The same conflict twice is not a race: the read models have stopped behind the log.
    if (isSame(conflict, last)) return { kind: 'unavailable', reason: MODEL_STOPPED };
    if (!(await this.#log.reached(conflict.head ?? 0)) || performance.now() > this.#late) return CONTENDED;
    return 'again';
  }
}

/** Whether the answer is right whatever other nodes have recorded. A refusal, or that nothing has to change, may not be. */
function isFinal(result: Dispatched): boolean {
  if (result.kind === 'done') return result.events.length > 0;
  return result.kind !== 'rejected' && result.kind !== 'stale';
}

function isSame(conflict: Conflict, last: Conflict | undefined): boolean {
  return conflict.stream === last?.stream && conflict.expected === last.expected && conflict.actual === last.actual;
}

export const MODEL_STOPPED = 'A read model of this organisation stopped at an event that it could not process.';

export const BEHIND: Failure = {
  kind: 'unavailable',
  reason: 'This node could not find out in time what other nodes have recorded.',
};

const CONTENDED: Failure = {
  kind: 'unavailable',
  reason: 'Other nodes changed the same entity again and again, and were faster.',
};
