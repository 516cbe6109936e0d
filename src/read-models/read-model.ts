// A read model: the state of a projection, updated commit by commit. A fault in one organisation does not affect
// others.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { isFromTheFuture } from '../../projections/events/upcasters.ts';
import type { Codec, Projection } from '../../projections/state/projection.ts';
import type { Batch } from '../log/commit.ts';
import type { Report } from '../log/report.ts';
import type { Participant } from './participant.ts';

/** A fold threw: from this position on, the read model ignores the organisation's events. */
export interface FoldFault {
  readonly projection: string;
  readonly organizationId: string;
  readonly position: number;
}

export class ReadModel<S> implements Participant<S> {
  readonly #projection: Projection<S>;
  readonly #report: Report;
  readonly #faults = new Map<string, FoldFault>();
  #state: S;

  /** Each fault is reported once. */
  constructor(projection: Projection<S>, report: Report) {
    this.#projection = projection;
    this.#report = report;
    this.#state = projection.initial;
  }

  get state(): S {
    return this.#state;
  }

  get codec(): Codec<S> {
    return this.#projection;
  }

  /** `undefined` after a fault: once the projection is fixed, the events must be folded again. */
  capture(): S | undefined {
    return this.#faults.size > 0 ? undefined : this.state;
  }

  seed(state: S): void {
    this.#state = state;
  }

  /** By organisation. */
  get faults(): ReadonlyMap<string, FoldFault> {
    return this.#faults;
  }

  /**
   * Folds a commit atomically. An exception must not reach RxJS, where it would end the stream for all subscribers.
   * Instead the organisation of the event is stopped, and the commit is folded again without that organisation's
   * events.
   */
  fold(batch: Batch): void {
    let state = this.#state;
    for (const event of batch.events) {
      if (this.#faults.size > 0 && this.#faults.has(event.organizationId)) continue;
      try {
        if (isFromTheFuture(event)) throw new Error(`A newer version wrote ${event.type} as schema ${event.schema}.`);
        state = this.#projection.on(state, event);
      } catch (error) {
        this.#stop(event, error);
        this.fold(batch);
        return;
      }
    }
    this.#state = state;
  }

  #stop({ organizationId, position }: RecordedEvent, error: unknown): void {
    const { name } = this.#projection;
    this.#faults.set(organizationId, { projection: name, organizationId, position });
    this.#report(`the read model "${name}" stops for the organisation "${organizationId}" at ${position}`, error);
  }
}
