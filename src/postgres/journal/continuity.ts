// Whether the database still has the log that this node knows: after a restored backup, or a failover that lost commits,
// it has another one with the same positions, and then this node neither reads on nor writes.
import { CHAIN_START } from '../../../projections/chain/chain.ts';
import { JournalError, type StoredEvent } from '../../log/journal.ts';
import { refusalOf } from '../migrations.ts';

/** Any event of the log, which the database must still have. Position 0 stands for the beginning. */
export type KnownEvent = Pick<StoredEvent, 'position' | 'hash'>;

/** What each read of the log reads besides, to be held against what this node knows. */
export interface LogState {
  /** The hash of the event at the known position; `null` if there is none. */
  readonly knownHash: string | null;
  /** Grows with each fork that is accepted, also from that of an older backup. */
  readonly epoch: number;
  readonly leastReader: number;
  readonly leastWriter: number;
}

/** The columns of a `LogState`, and where they come from; the first parameter of the statement is the known position. */
export const LOG_STATE = `(select hash from plive.events where position = $1) as "knownHash",
  head.epoch, versions.least_reader as "leastReader", versions.least_writer as "leastWriter"`;
export const LOG_STATE_TABLES = 'plive.head, plive.versions';

export class Continuity {
  #known: KnownEvent = { position: 0, hash: CHAIN_START };
  #epoch = 0;
  #trouble: string | undefined;
  #isForked = false;

  /** Why the log can neither be followed nor written to until the journal is opened again, as a sentence. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Whether the reason is that the database has another log. */
  get isForked(): boolean {
    return this.#isForked;
  }

  /** The last fork that was accepted of the log that this node has. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The last event that this node knows. */
  get known(): KnownEvent {
    return this.#known;
  }

  /** Takes the log as it is now. */
  begin(known: KnownEvent | undefined, { epoch }: Pick<LogState, 'epoch'>): void {
    this.#known = known ?? { position: 0, hash: CHAIN_START };
    this.#epoch = epoch;
    this.#trouble = undefined;
    this.#isForked = false;
  }

  /** Remembers the last of these events. */
  advance(events: readonly KnownEvent[]): void {
    const last = events.at(-1);
    if (last && last.position > this.#known.position) this.#known = last;
  }

  /** Throws a `JournalError` unless the log that was read has this event. */
  check(known: KnownEvent, state: LogState): void {
    if (this.#trouble !== undefined) this.fail(this.#trouble);
    if (!has(state, known)) {
      this.#isForked = true;
      this.fail(state.epoch > this.#epoch ? ACCEPTED : forkAt(known.position));
    }
    // What was accepted is what this node has.
    this.#epoch = state.epoch;
    const refusal = refusalOf(state.leastReader);
    if (refusal !== undefined) this.fail(refusal);
  }

  /** Whether a node that has found another log can open this one: it was accepted, or is the log that the node knows. */
  isSettled(state: LogState): boolean {
    return state.epoch > this.#epoch || has(state, this.#known);
  }

  /** Stands still until the journal is opened again. Throws a `JournalError`. */
  fail(trouble: string): never {
    this.#trouble ??= trouble;
    throw new JournalError('away', this.#trouble);
  }
}

/** Throws a `JournalError` if this version may not write any more. */
export function checkWriter({ leastWriter }: Pick<LogState, 'leastWriter'>): void {
  const refusal = refusalOf(leastWriter);
  if (refusal !== undefined) throw new JournalError('failed', refusal);
}

function has({ knownHash }: LogState, { position, hash }: KnownEvent): boolean {
  return position === 0 || knownHash === hash;
}

function forkAt(position: number): string {
  return (
    `The database has another log: the event at position ${position}, which this node has shown, is not there any more. ` +
    'Restore the database as it was, or run "npx plive log accept-fork" to go on with the log that it has now.'
  );
}

const ACCEPTED = 'The database has another log, which was accepted: this node is reading it.';
