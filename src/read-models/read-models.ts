// All read models: their states at one position, and the transition that each commit causes.

import { map, type Observable, Subject } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { eachModel, type ModelName, type Models, PROJECTIONS } from '../../projections/models.ts';
import type { Projection } from '../../projections/state/projection.ts';
import type { Batch } from '../log/commit.ts';
import { endOfCommit } from '../log/commit-batcher.ts';
import type { Report } from '../log/report.ts';
import type { FoldFault } from './fold-commit.ts';
import type { Participant } from './participant.ts';
import { ReadModel } from './read-model.ts';

/** A commit, and the read models before and after it. */
export interface Transition {
  readonly batch: Batch;
  readonly before: Models;
  readonly after: Models;
}

export class ReadModels {
  readonly #models: Readonly<Record<ModelName, ReadModel<unknown>>>;
  readonly #all: readonly ReadModel<unknown>[];
  #current: Models;
  readonly #transitions = new Subject<Transition>();

  /** One emission for each commit, after every read model has folded it. */
  readonly transitions$: Observable<Transition> = this.#transitions.asObservable();

  /**
   * Folds each commit when it is published. Later subscribers of the same observable find the read models up to date.
   */
  constructor(committed$: Observable<Batch>, report: Report) {
    this.#models = eachModel((name) => new ReadModel(PROJECTIONS[name] as Projection<unknown>, report));
    this.#all = Object.values(this.#models);
    this.#current = this.#states();
    committed$.pipe(map((batch) => this.#fold(batch))).subscribe(this.#transitions);
  }

  /** The read models whose states snapshots store. */
  get participants(): readonly Participant<unknown>[] {
    return this.#all.map((model) => ({
      codec: model.codec,
      capture: () => model.capture(),
      seed: (state) => {
        model.seed(state);
        this.#current = this.#states();
      },
    }));
  }

  get current(): Models {
    return this.#current;
  }

  get faults(): readonly FoldFault[] {
    return this.#all.flatMap(({ faults }) => [...faults.values()]);
  }

  /** Whether a read model has stopped for this organisation. */
  isFaulty(organizationId: string): boolean {
    return this.#all.some(({ faults }) => faults.has(organizationId));
  }

  /**
   * Whether the read model with this name has folded the event. One that has stopped for an organisation has folded none
   * of that organisation's events since the commit at which it stopped.
   */
  hasFolded(name: string, event: RecordedEvent): boolean {
    const fault = this.#models[name as ModelName].faults.get(event.organizationId);
    return fault === undefined || endOfCommit(event) < fault.position;
  }

  #states(): Models {
    return eachModel((name) => this.#models[name].state) as Models;
  }

  #fold(batch: Batch): Transition {
    const before = this.#current;
    let isChanged = false;
    for (const model of this.#all) if (model.fold(batch)) isChanged = true;
    if (isChanged) this.#current = this.#states();
    return { batch, before, after: this.#current };
  }
}
