// All read models: their states at one position, and the transition that each commit causes.

import { map, type Observable, Subject } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { eachModel, type ModelName, type Models, PROJECTIONS } from '../../projections/models.ts';
import type { Projection } from '../../projections/state/projection.ts';
import { RecentMap } from '../bounds/recent-map.ts';
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

/** For how many commits the states after them are known: a node hears of as many at once from other nodes. */
const RECENT = 1_000;

export class ReadModels {
  readonly #models: Readonly<Record<ModelName, ReadModel<unknown>>>;
  readonly #all: readonly ReadModel<unknown>[];
  #current: Models;
  /** By the position of a commit's last event. */
  #recent = newRecent();
  readonly #isShared: boolean;
  readonly #transitions = new Subject<Transition>();

  /** One emission for each commit, after every read model has folded it. */
  readonly transitions$: Observable<Transition> = this.#transitions.asObservable();

  /**
   * Folds each commit when it is published. Later subscribers of the same observable find the read models up to date.
   */
  constructor(committed$: Observable<Batch>, report: Report, { isShared = false } = {}) {
    this.#isShared = isShared;
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

  /** The states right after the commit that ends at this position; the current ones if that was long ago. */
  after(position: number): Models {
    return this.#recent.get(position) ?? this.#current;
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
    // Earlier states have the words that this commit blanked.
    if (batch.redacted) this.#recent = newRecent();
    if (this.#isShared) this.#recent.set(batch.last, this.#current);
    return { batch, before, after: this.#current };
  }
}

function newRecent(): RecentMap<number, Models> {
  return new RecentMap(2 * RECENT);
}
