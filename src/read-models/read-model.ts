// A read model: the state of a projection, updated commit by commit.
import type { Codec, Projection } from '../../projections/state/projection.ts';
import type { Batch } from '../log/commit.ts';
import type { Report } from '../log/report.ts';
import { type Folded, foldCommit, foldedFrom, type OnFault } from './fold-commit.ts';
import type { Participant } from './participant.ts';

export class ReadModel<S> implements Participant<S> {
  readonly #projection: Projection<S>;
  readonly #onFault: OnFault;
  #folded: Folded<S>;

  /** Each fault is reported once. */
  constructor(projection: Projection<S>, report: Report) {
    this.#projection = projection;
    this.#onFault = ({ organizationId, position }, error) =>
      report(
        `the read model "${projection.name}" stops for the organisation "${organizationId}" at ${position}`,
        error,
      );
    this.#folded = foldedFrom(projection.initial);
  }

  get state(): S {
    return this.#folded.state;
  }

  get codec(): Codec<S> {
    return this.#projection;
  }

  /** `undefined` after a fault: once the projection is fixed, the events must be folded again. */
  capture(): S | undefined {
    return this.faults.size > 0 ? undefined : this.state;
  }

  seed(state: S): void {
    this.#folded = { ...this.#folded, state };
  }

  /** By organisation. */
  get faults(): Folded<S>['faults'] {
    return this.#folded.faults;
  }

  /**
   * Returns whether the state changed. An exception must not reach RxJS, where it would end the stream for all
   * subscribers.
   */
  fold(batch: Batch): boolean {
    const { state } = this.#folded;
    this.#folded = foldCommit(this.#projection, this.#folded, batch, this.#onFault);
    return this.#folded.state !== state;
  }
}
