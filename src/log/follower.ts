// Follows a log that other nodes write to: hands over their commits, and knows as of when this node has the whole log.
import { sharingCalls } from '../bounds/sharing-calls.ts';
import type { Batch, RedactedText } from './commit.ts';
import { CommitBatcher } from './commit-batcher.ts';
import { decode } from './encoding.ts';
import type { SharedLog, TailStep } from './journal.ts';

interface FollowerParts {
  readonly shared: SharedLog;
  /** Position of the last published event. */
  readonly position: () => number;
  /** Publishes the next commit, which has blanked these texts. */
  readonly publish: (batch: Batch, redactions: readonly RedactedText[]) => void;
  /** Called with the reason if an event cannot be read: nothing more is published. */
  readonly fail: (reason: string) => void;
}

/** How old what this node knows may be before it says so, in milliseconds: a tail reads at least once a second. */
const STALE_AFTER = 3_000;

export class Follower {
  readonly #parts: FollowerParts;
  readonly #stopping = new AbortController();
  readonly #commits = new CommitBatcher();
  #asOf = Number.NEGATIVE_INFINITY;
  #running = Promise.resolve(false);

  /** The position of the last event in the database, as of this call or later. Rejects with a `JournalError`. */
  readonly head: () => Promise<number>;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.head = sharingCalls(() => parts.shared.head());
  }

  /** When the log was last read to its end; `undefined` before the first time. */
  get asOf(): Date | undefined {
    return Number.isFinite(this.#asOf) ? new Date(this.#asOf) : undefined;
  }

  /** Since when the log may have events that this node does not know. Judged now: a process can have been stopped. */
  get staleSince(): Date | undefined {
    return Date.now() - this.#asOf > STALE_AFTER ? this.asOf : undefined;
  }

  /**
   * Once started: resolves when nothing more is published, with `true` if the database has another log, which can be
   * opened.
   */
  get ended(): Promise<boolean> {
    return this.#running;
  }

  /** Begins after the last published event. */
  start(): void {
    this.#running = this.#follow();
  }

  /** Resolves when nothing more is published. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #follow(): Promise<boolean> {
    const { signal } = this.#stopping;
    const { shared, position, fail } = this.#parts;
    try {
      for await (const step of shared.tail(position, signal)) {
        this.#publish(step);
        this.#asOf = step.asOf ?? this.#asOf;
        if (signal.aborted) return false;
      }
    } catch (error) {
      // A damaged event would end every node in the same moment.
      fail(error instanceof Error ? error.message : String(error));
      return false;
    }
    return shared.settled(signal);
  }

  /** Publishes the commits that are complete. Those of this node are most often published already. */
  #publish({ events, blanked }: TailStep): void {
    const { position, publish } = this.#parts;
    const unknown = events.filter((event) => event.position > position());
    for (const batch of this.#commits.take(unknown.map(decode))) {
      if (batch.first > position()) {
        publish(
          batch,
          blanked.filter(({ by }) => by === batch.first),
        );
      }
    }
  }
}
