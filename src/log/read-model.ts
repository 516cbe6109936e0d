// A read model: a projection kept up to date by the log, one organisation's fault never another's.
import { BehaviorSubject, map, type Observable } from 'rxjs';
import type { RecordedEvent } from '../../projections/events.ts';
import type { Codec, Projection } from '../../projections/projection.ts';
import { isFromTheFuture } from '../../projections/upcasters.ts';
import type { Batch } from './commit.ts';
import type { Participant } from './participant.ts';

/** A fold threw: from this position on the organisation's part of the read model stands still. */
export interface Fault {
  readonly projection: string;
  readonly organizationId: string;
  readonly position: number;
}

/** Told of errors that nobody foresaw. */
export type Report = (message: string, error: unknown) => void;

export class ReadModel<S> implements Participant<S> {
  readonly #projection: Projection<S>;
  readonly #report: Report;
  readonly #states: BehaviorSubject<S>;
  readonly #faults = new Map<string, Fault>();

  /** Keeps the projection's state up to date with the log, and reports each fault once. */
  constructor(projection: Projection<S>, committed$: Observable<Batch>, report: Report) {
    this.#projection = projection;
    this.#report = report;
    this.#states = new BehaviorSubject(projection.initial);
    committed$.pipe(map((batch) => this.#foldBatch(this.state, batch))).subscribe(this.#states);
  }

  get state(): S {
    return this.#states.value;
  }

  get codec(): Codec<S> {
    return this.#projection;
  }

  /** No state in which a part stands still: once what it could not bear is mended, it is to be folded again. */
  capture(): S | undefined {
    return this.#faults.size > 0 ? undefined : this.state;
  }

  seed(state: S): void {
    this.#states.next(state);
  }

  /** The current state, then the state after each commit, changed or not. */
  get states$(): Observable<S> {
    return this.#states.asObservable();
  }

  /** By organisation. */
  get faults(): ReadonlyMap<string, Fault> {
    return this.#faults;
  }

  /**
   * The state after the commit, whole or not at all. A throw must not reach RxJS, where it would end the stream for
   * everyone: it stops the organisation it came from, and the commit is folded again without it.
   */
  #foldBatch(before: S, batch: Batch): S {
    let state = before;
    for (const event of batch.events) {
      if (this.#faults.has(event.organizationId)) continue;
      try {
        if (isFromTheFuture(event)) throw new Error(`A newer version wrote ${event.type} as schema ${event.schema}.`);
        state = this.#projection.on(state, event);
      } catch (error) {
        this.#stop(event, error);
        return this.#foldBatch(before, batch);
      }
    }
    return state;
  }

  #stop({ organizationId, position }: RecordedEvent, error: unknown): void {
    const { name } = this.#projection;
    this.#faults.set(organizationId, { projection: name, organizationId, position });
    this.#report(`the read model "${name}" stops for the organisation "${organizationId}" at ${position}`, error);
  }
}
