// Buckets of time: how many events each has, and the worst overall status within it, as it was recorded then.
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { type ServiceStatus, worst } from '../../../projections/events/severity.ts';
import { incidentsProjection } from '../../../projections/incidents.ts';
import { maintenancesProjection } from '../../../projections/maintenances.ts';
import { servicesProjection } from '../../../projections/services.ts';
import { selectStatus } from '../../../projections/status.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';

export interface BucketRange {
  /** Milliseconds since 1970; not included in the last bucket. */
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

export interface Bucket {
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly events: number;
  /** `null` before the first event of the organisation, and for what is to come. */
  readonly worst: ServiceStatus | null;
}

/** The viewer for whom states of one organisation are read: they hold what that organisation's own events say alone. */
const OF_ALL: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'owner' };

const NOTHING = {
  services: servicesProjection.initial,
  incidents: incidentsProjection.initial,
  maintenances: maintenancesProjection.initial,
};

/** Takes all events of one organisation, in order. */
export class Buckets {
  readonly #range: BucketRange;
  readonly #hasFolded: (model: string, event: RecordedEvent) => boolean;
  readonly #events: number[];
  readonly #worst: (ServiceStatus | null)[];
  #models = NOTHING;
  #status: ServiceStatus | null = null;
  /** The last event, whose commit may not be complete. */
  #last: RecordedEvent | undefined;
  /** How many buckets have the status with which they begin. */
  #begun = 0;

  /** `hasFolded`: whether the current read model has folded the event; what it has not is left out here too. */
  constructor(range: BucketRange, hasFolded: (model: string, event: RecordedEvent) => boolean) {
    this.#range = range;
    this.#hasFolded = hasFolded;
    this.#events = Array<number>(range.buckets).fill(0);
    this.#worst = Array<ServiceStatus | null>(range.buckets).fill(null);
  }

  /** Takes the event, unless it is recorded after the last bucket. Returns whether it took it. */
  add(event: RecordedEvent): boolean {
    const index = this.#indexOf(event.recordedAt);
    if (index >= this.#range.buckets) return false;
    // Nobody ever sees a state within a commit.
    if (this.#last && this.#last.meta.commit.id !== event.meta.commit.id) this.#conclude(this.#last);
    this.#last = event;
    if (index >= 0) this.#events[index] = (this.#events[index] ?? 0) + 1;
    this.#fold(event);
    return true;
  }

  /** What the buckets hold at this time. */
  at(now: number): readonly Bucket[] {
    if (this.#last) this.#conclude(this.#last);
    this.#begin(Math.min(this.#range.buckets, Math.floor((now - this.#range.from) / this.#width) + 1));
    return this.#events.map((events, index) => ({
      from: this.#edge(index),
      to: this.#edge(index + 1),
      events,
      worst: this.#worst[index] ?? null,
    }));
  }

  get #width(): number {
    const { from, to, buckets } = this.#range;
    return (to - from) / buckets;
  }

  #edge(index: number): string {
    return new Date(Math.round(this.#range.from + index * this.#width)).toISOString();
  }

  /** Negative before the first bucket. */
  #indexOf(time: string): number {
    return Math.floor((Date.parse(time) - this.#range.from) / this.#width);
  }

  #fold(event: RecordedEvent): void {
    const { services, incidents, maintenances } = this.#models;
    const on = <S>(projection: { name: string; on(state: S, event: RecordedEvent): S }, state: S): S =>
      this.#hasFolded(projection.name, event) ? projection.on(state, event) : state;
    this.#models = {
      services: on(servicesProjection, services),
      incidents: on(incidentsProjection, incidents),
      maintenances: on(maintenancesProjection, maintenances),
    };
  }

  /** The status after a commit holds from then on. */
  #conclude({ recordedAt, organizationId }: RecordedEvent): void {
    const index = this.#indexOf(recordedAt);
    this.#begin(index + 1);
    this.#status = selectStatus(this.#models, OF_ALL, { organizationId }).overallStatus;
    const known = this.#worst[index] ?? null;
    if (index >= 0) this.#worst[index] = known === null ? this.#status : worst([known, this.#status]);
  }

  /** Gives so many buckets the status with which they begin. */
  #begin(buckets: number): void {
    for (; this.#begun < buckets; this.#begun += 1) this.#worst[this.#begun] = this.#status;
  }
}
