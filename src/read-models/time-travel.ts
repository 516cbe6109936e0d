// Time travel: the positions of past times, and states that are folded from a few streams alone.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { fold, type Projection } from '../../projections/state/projection.ts';
import type { Payer, Turn } from '../bounds/turns.ts';
import { endOfCommit } from '../log/commit-batcher.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from './read-models.ts';

/** How many events are folded in one turn. */
const PIECE = 500;

export interface PastOfStreams {
  readonly streams: readonly string[];
  readonly position: number;
  readonly payer: Pick<Payer, 'charge'>;
  /** The turns of the payer. */
  readonly turn: Turn;
  /** Ends the read before its next page: `fold` then rejects with the reason of the signal. */
  readonly signal: AbortSignal;
}

/** How an entity came to its end: deleted, or taken back. */
export interface End {
  readonly organizationId: string;
  /** When that was recorded, and at which position. */
  readonly at: string;
  readonly position: number;
}

/** What the last event of an entity that is gone did, after its noun. */
const ENDS: ReadonlySet<string> = new Set(['deleted', 'retracted']);

export class TimeTravel {
  readonly #log: EventLog;
  readonly #models: ReadModels;

  constructor(log: EventLog, models: ReadModels) {
    this.#log = log;
    this.#models = models;
  }

  /**
   * The state of a projection after the events of these streams up to this position of the log, folded in turns. The
   * cost depends only on the number of those events, not on the size of the log. Leaves out what the current read model
   * has not folded, so that past and present agree.
   */
  async fold<S>(projection: Projection<S>, past: PastOfStreams): Promise<S> {
    const events = await this.#eventsOf(past);
    let state = projection.initial;
    for (let start = 0; start < events.length; start += PIECE) {
      const piece = events
        .slice(start, start + PIECE)
        .filter((event) => this.#models.hasFolded(projection.name, event));
      state = await past.turn(() => fold(projection, piece, state));
    }
    return state;
  }

  /** The end of the entity whose stream this is; `undefined` if it has none, or there never was one. */
  async endOf(stream: string, { payer, signal }: Pick<PastOfStreams, 'payer' | 'signal'>): Promise<End | undefined> {
    let end: End | undefined;
    for await (const { type, organizationId, recordedAt: at, position } of this.#log.read({ stream, payer, signal })) {
      if (type === 'event.redacted') continue;
      end = ENDS.has(type.slice(type.indexOf('.') + 1)) ? { organizationId, at, position } : undefined;
    }
    return end;
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

  /** When the event at this position was recorded; the beginning of 1970 before the first one. */
  async timeOf(position: number): Promise<string> {
    return position === 0 ? new Date(0).toISOString() : this.#recordedAt(position);
  }

  /** In log order. */
  async #eventsOf({ streams, position: until, payer, signal }: PastOfStreams): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (const stream of streams) {
      for await (const event of this.#log.read({ stream, until, payer, signal })) {
        if (endOfCommit(event) <= until) events.push(event);
      }
    }
    return events.sort((a, b) => a.position - b.position);
  }

  async #recordedAt(position: number): Promise<string> {
    for await (const { recordedAt } of this.#log.read({ after: position - 1, until: position })) return recordedAt;
    throw new Error(`There is no event at position ${position}, although the log is longer.`);
  }
}
