// Time travel: the read models as they were, folded again from the nearest snapshot in slices that leave the main loop free.
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
  /** How many pasts are folded at the same time. */
  readonly running: number;
  /** How many pasts are kept, the ones asked for last; half of that at least. */
  readonly kept: number;
}

/** How long folding may hold the main loop, in milliseconds. */
const SLICE = 8;

export class TimeTravel {
  readonly #log: EventLog;
  readonly #models: ReadModels;
  readonly #snapshots: Snapshots;
  readonly #limits: TimeTravelLimits;
  /** By position. */
  readonly #kept: RecentMap<number, Promise<Models>>;
  #running = 0;
  /** How many commits so far have redacted something. */
  #redactions = 0;

  constructor(log: EventLog, models: ReadModels, snapshots: Snapshots, limits: TimeTravelLimits) {
    this.#log = log;
    this.#models = models;
    this.#snapshots = snapshots;
    this.#limits = limits;
    this.#kept = new RecentMap(limits.kept);
    log.committed$.pipe(filter(({ redacted }) => redacted !== undefined)).subscribe(() => {
      this.#redactions += 1;
      this.#kept.clear();
    });
  }

  /**
   * The read models as they were when this was the position of the log; a position within a commit is before it, because
   * nobody ever saw a part of one. `undefined` where too many pasts are being folded already.
   */
  modelsAt(position: number): Promise<Models> | undefined {
    if (position >= this.#log.position) return Promise.resolve(this.#models.current);
    const kept = this.#kept.get(position);
    if (!kept && this.#running >= this.#limits.running) return undefined;
    return this.#keep(position, kept ?? this.#fold(position));
  }

  /**
   * The events that these streams had when this was the position of the log, in its order. It costs what the streams hold
   * up to then, however many they are, and never what others do.
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

  /** Position of the last event that was recorded at this time (RFC 3339, milliseconds, Z) or before; 0 where there is none. */
  async positionAt(time: string): Promise<number> {
    let [low, high] = [0, this.#log.position];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await this.#recordedAt(middle)) <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #keep(position: number, models: Promise<Models>): Promise<Models> {
    this.#kept.set(position, models);
    models.catch(() => this.#kept.delete(position));
    return models;
  }

  async #fold(until: number): Promise<Models> {
    this.#running += 1;
    try {
      for (;;) {
        const redactions = this.#redactions;
        const models = await this.#foldOnce(until);
        // What was redacted meanwhile may have been folded before.
        if (redactions === this.#redactions) return models;
      }
    } finally {
      this.#running -= 1;
    }
  }

  async #foldOnce(until: number): Promise<Models> {
    const batches$ = new Subject<Batch>();
    // What a fold could not bear was reported when it happened.
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
