// The read models together: their states at one position, and how each commit moved them.
import { map, type Observable, share } from 'rxjs';
import { eachModel, type ModelName, type Models, PROJECTIONS } from '../../projections/models.ts';
import type { Projection } from '../../projections/projection.ts';
import type { Batch } from './commit.ts';
import type { Participant } from './participant.ts';
import { type Fault, ReadModel, type Report } from './read-model.ts';

/** What a commit did to the read models. */
export interface Transition {
  readonly batch: Batch;
  readonly before: Models;
  readonly after: Models;
}

export class ReadModels {
  readonly #models: Readonly<Record<ModelName, ReadModel<unknown>>>;

  /** One emission for each commit, after every read model has folded it. */
  readonly transitions$: Observable<Transition>;

  constructor(committed$: Observable<Batch>, report: Report) {
    // Subscribers are called in the order in which they subscribed: this one before the read models fold a commit, and
    // those of the transitions after.
    let before: Models | undefined;
    committed$.subscribe(() => {
      before = this.current;
    });
    this.#models = eachModel((name) => new ReadModel(PROJECTIONS[name] as Projection<unknown>, committed$, report));
    this.transitions$ = committed$.pipe(
      map((batch) => ({ batch, before: before ?? this.current, after: this.current })),
      share(),
    );
  }

  /** Those that snapshots keep. */
  get participants(): readonly Participant<unknown>[] {
    return this.#all;
  }

  get current(): Models {
    return eachModel((name) => this.#models[name].state) as Models;
  }

  get faults(): readonly Fault[] {
    return this.#all.flatMap(({ faults }) => [...faults.values()]);
  }

  /** Whether a part of a read model that this organisation needs stands still. */
  isFaulty(organizationId: string): boolean {
    return this.#all.some(({ faults }) => faults.has(organizationId));
  }

  get #all(): readonly ReadModel<unknown>[] {
    return Object.values(this.#models);
  }
}
