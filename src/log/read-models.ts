// The read models together: their states at one position, and how each commit moved them.
import { map, type Observable, share } from 'rxjs';
import { type IncidentsState, incidentsProjection } from '../../projections/incidents.ts';
import { type MentionsState, mentionsProjection } from '../../projections/mentions.ts';
import { type ServicesState, servicesProjection } from '../../projections/services.ts';
import type { Batch } from './commit.ts';
import type { Participant } from './participant.ts';
import { type Fault, ReadModel, type Report } from './read-model.ts';

/** States of all read models at one position. */
export interface Models {
  readonly services: ServicesState;
  readonly incidents: IncidentsState;
  readonly mentions: MentionsState;
}

/** What a commit did to the read models. */
export interface Transition {
  readonly batch: Batch;
  readonly before: Models;
  readonly after: Models;
}

export class ReadModels {
  readonly #services: ReadModel<ServicesState>;
  readonly #incidents: ReadModel<IncidentsState>;
  readonly #mentions: ReadModel<MentionsState>;

  /** One emission for each commit, after every read model has folded it. */
  readonly transitions$: Observable<Transition>;

  constructor(committed$: Observable<Batch>, report: Report) {
    // Subscribers are called in the order in which they subscribed: this one before the read models fold a commit, and
    // those of the transitions after.
    let before: Models | undefined;
    committed$.subscribe(() => {
      before = this.current;
    });
    this.#services = new ReadModel(servicesProjection, committed$, report);
    this.#incidents = new ReadModel(incidentsProjection, committed$, report);
    this.#mentions = new ReadModel(mentionsProjection, committed$, report);
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
    return { services: this.#services.state, incidents: this.#incidents.state, mentions: this.#mentions.state };
  }

  get faults(): readonly Fault[] {
    return this.#all.flatMap(({ faults }) => [...faults.values()]);
  }

  /** Whether a part of a read model that this organisation needs stands still. */
  isFaulty(organizationId: string): boolean {
    return this.#all.some(({ faults }) => faults.has(organizationId));
  }

  get #all() {
    return [this.#services, this.#incidents, this.#mentions];
  }
}
