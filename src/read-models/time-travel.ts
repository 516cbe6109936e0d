// Time travel: past states of the read models, folded from the nearest snapshot in slices that do not block the event
// loop.
import { setImmediate } from 'node:timers/promises';
import { filter, Subject } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Models } from '../../projections/models.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import type { Batch } from '../log/commit.ts';
import { endOfCommit } from '../log/commit-batcher.ts';
import type { EventLog } from '../log/event-log.ts';
import { ReadModels } from './read-models.ts';
import type { Snapshots } from './snapshots.ts';

export interface TimeTravelLimits {
  /** How many past states are folded concurrently. */
  readonly running: number;
  /** How many past states are cached at most; at least half as many of the most recently requested ones stay. */
  readonly kept: number;
}

/** How long one slice of folding may block the event loop, in milliseconds. */
const SLICE = 8;

export class TimeTravel {
  readonly #log: EventLog;
  readonly #models: ReadModels;
  readonly #snapshots: Snapshots;
  readonly #limits: TimeTravelLimits;
  /** By position. */
  readonly #cache: RecentMap<number, Promise<Models>>;
  #running = 0;
  /** How many commits with redactions have been published. */
  #redactions = 0;

  constructor(log: EventLog, models: ReadModels, snapshots: Snapshots, limits: TimeTravelLimits) {
    this.#log = log;
    this.#models = models;
    this.#snapshots = snapshots;
    this.#limits = limits;
    this.#cache = new RecentMap(limits.kept);
    log.committed$.pipe(filter(({ redacted }) => redacted !== undefined)).subscribe(() => {
      this.#redactions += 1;
      this.#cache.clear();
    });
  }

  /**
   * The read models at this position of the log. A position within a commit gives the state before the commit, because
   * a part of a commit was never visible. `undefined` if too many past states are being folded already.
   */
  modelsAt(position: number): Promise<Models> | undefined {
    if (position >= this.#log.position) return Promise.resolve(this.#models.current);
    const cached = this.#cache.get(position);
    if (!cached && this.#running >= this.#limits.running) return undefined;
    return this.#cached(position, cached ?? this.#fold(position));
  }

  /**
   * The events of these streams up to this position of the log, in log order. The cost depends only on the number of
   * those events, not on the size of the log.
   */
  async streamsAt(streams: readonly string[], position: number): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (const stream of streams) {
      for await (const event of this.#log.read({ stream, until: position })) {
        if (endOfCommit(event) <= position) events.push(event);
      }
    }
    return events.sort((a, b) => a.position - b.position);
  }

  /** Position of the last event recorded at or before this time (RFC 3339, milliseconds, Z); 0 if there is none. */
  async positionAt(time: string): Promise<number> {
    let [low, high] = [0, this.#log.position];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await this.#recordedAt(middle)) <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #cached(position: number, models: Promise<Models>): Promise<Models> {
    this.#cache.set(position, models);
    models.catch(() => this.#cache.delete(position));
    return models;
  }

  async #fold(until: number): Promise<Models> {
    this.#running += 1;
    try {
      for (;;) {
        const redactions = this.#redactions;
        const models = await this.#foldOnce(until);
        // A concurrent redaction may concern text that was already folded: then fold again.
        if (redactions === this.#redactions) return models;
      }
    } finally {
      this.#running -= 1;
    }
  }

  async #foldOnce(until: number): Promise<Models> {
    const batches$ = new Subject<Batch>();
    // Faults were already reported when the live read models folded these events.
    const models = new ReadModels(batches$, () => {});
    const after = await this.#snapshots.seed(models.participants, until);
    let pause = performance.now() + SLICE;
    for await (const batch of this.#log.batches({ after, until })) {
      batches$.next(batch);
      if (performance.now() < pause) continue;
      await setImmediate();
      pause = performance.now() + SLICE;
    }
    return models.current;
  }

  async #recordedAt(position: number): Promise<string> {
    for await (const { recordedAt } of this.#log.read({ after: position - 1, until: position })) return recordedAt;
    throw new Error(`There is no event at position ${position}, although the log is longer.`);
  }
}
