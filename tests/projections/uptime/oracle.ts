// Uptime, counted in the most obvious way: second by second, from the events alone.
import { entityId } from '../../../projections/events/envelope.ts';
import type { EventType, RecordedEvent } from '../../../projections/events/event-types.ts';
import { type ServiceStatus, worst } from '../../../projections/events/severity.ts';

/** The whole second that a time is in. */
const second = (time: string) => Math.floor(Date.parse(time) / 1_000);

/** When an event takes effect, in milliseconds: the earlier of when it happened and when it was recorded. */
const moment = ({ occurredAt, recordedAt }: RecordedEvent) =>
  Date.parse(occurredAt !== undefined && occurredAt < recordedAt ? occurredAt : recordedAt);

/** The last millisecond of a second: what takes effect within it is shown for all of it. */
const endOf = (at: number) => at * 1_000 + 999;

/** Events of one kind in the order of their recording, with the moment at which each takes effect. */
type Records<T extends EventType> = readonly { readonly event: RecordedEvent<T>; readonly from: number }[];

function records<T extends EventType>(events: readonly RecordedEvent[], ...types: readonly T[]): Records<T> {
  const own = events.filter(({ type }) => types.includes(type as T)) as RecordedEvent<T>[];
  return own.map((event) => ({ event, from: moment(event as RecordedEvent) }));
}

/** Of several records the one that was recorded last, of those that have taken effect by this moment. */
function latest<T extends EventType>(of: Records<T>, at: number): RecordedEvent<T> | undefined {
  return of.findLast(({ from }) => from <= at)?.event;
}

/** What is known of a service after all these events, in the order of the log. */
export class Oracle {
  readonly #startsAt: number;
  readonly #reports: Records<'service.created' | 'service.status-reported'>;
  readonly #corrections: readonly { readonly from: number; readonly to: number; readonly status: ServiceStatus }[];
  readonly #incidents: readonly Incident[];
  readonly #maintenances: readonly Maintenance[];

  constructor(events: readonly RecordedEvent[], serviceId: string) {
    const own = events.filter(({ stream }) => stream === `service-${serviceId}`);
    const withdrawn = records(own, 'service.correction-withdrawn').map(({ event }) => event.data.correctionId);
    const created = records(own, 'service.created')[0]?.event;
    const moved = records(own, 'service.start-moved').at(-1)?.event;
    this.#startsAt = second((moved ?? created)?.data.startDate ?? created?.recordedAt ?? '');
    this.#reports = records(own, 'service.created', 'service.status-reported');
    this.#corrections = records(own, 'service.history-corrected')
      .filter(({ event }) => !withdrawn.includes(event.data.correctionId))
      .map(({ event: { data } }) => ({ from: second(data.from), to: second(data.to), status: data.status }));
    const retracted = records(events, 'incident.retracted').map(({ event }) => event.stream);
    const isSaid = ({ stream }: RecordedEvent) => stream.startsWith('incident-') && !retracted.includes(stream);
    const streams = new Set(events.filter(isSaid).map(({ stream }) => stream));
    this.#maintenances = streamsOf(events, 'maintenance').map((own) => new Maintenance(own, serviceId));
    this.#incidents = [...streams].map(
      (each) =>
        new Incident(
          events.filter(({ stream }) => stream === each),
          serviceId,
        ),
    );
  }

  /** What was shown in one second. */
  shownAt(at: number): ServiceStatus | 'none' {
    if (at < this.#startsAt) return 'none';
    const correction = this.#corrections.findLast(({ from, to }) => from <= at && at < to);
    if (correction) return correction.status;
    const report = latest(this.#reports, endOf(at))?.data.status ?? 'operational';
    const isMaintained = this.#maintenances.some((maintenance) => maintenance.isOnAt(endOf(at)));
    const claims = this.#incidents.flatMap((incident) => incident.claimAt(endOf(at)) ?? []);
    return worst([report, ...(isMaintained ? ['maintenance' as const] : []), ...claims]);
  }

  /** Ids of those that named the service at any moment of a second, but for those that were deleted. */
  namingIn(at: number, aggregate: 'incident' | 'maintenance'): readonly string[] {
    if (at < this.#startsAt) return [];
    const all = aggregate === 'incident' ? this.#incidents : this.#maintenances;
    return all.filter((each) => each.namesIn(at)).map(({ id }) => id);
  }
}

function streamsOf(events: readonly RecordedEvent[], aggregate: string): RecordedEvent[][] {
  const streams = new Set(events.map(({ stream }) => stream).filter((each) => each.startsWith(`${aggregate}-`)));
  return [...streams].map((stream) => events.filter((event) => event.stream === stream));
}

/** What one maintenance says of a service. */
class Maintenance {
  readonly id: string;
  readonly #moments: readonly number[];
  readonly #isDeleted: boolean;
  readonly #serviceId: string;
  readonly #first: readonly string[];
  readonly #services: Records<'maintenance.services-changed'>;
  readonly #states: Records<
    | 'maintenance.started'
    | 'maintenance.verification-begun'
    | 'maintenance.completed'
    | 'maintenance.cancelled'
    | 'maintenance.deleted'
  >;

  constructor(events: readonly RecordedEvent[], serviceId: string) {
    this.id = events[0] ? entityId(events[0]) : '';
    this.#moments = events.map(moment);
    this.#isDeleted = events.some(({ type }) => type === 'maintenance.deleted');
    this.#serviceId = serviceId;
    this.#first = records(events, 'maintenance.planned')[0]?.event.data.affectedServiceIds ?? [];
    this.#services = records(events, 'maintenance.services-changed');
    this.#states = records(
      events,
      ...(['maintenance.started', 'maintenance.verification-begun'] as const),
      ...(['maintenance.completed', 'maintenance.cancelled', 'maintenance.deleted'] as const),
    );
  }

  namesIn(at: number): boolean {
    const moments = this.#moments.filter((each) => Math.floor(each / 1_000) === at);
    return !this.#isDeleted && [...moments, endOf(at)].some((each) => this.isOnAt(each));
  }

  isOnAt(at: number): boolean {
    const state = latest(this.#states, at)?.type;
    if (state !== 'maintenance.started' && state !== 'maintenance.verification-begun') return false;
    const services = latest(this.#services, at)?.data.affectedServiceIds ?? this.#first;
    return services.includes(this.#serviceId);
  }
}

/** What one incident says of a service. */
class Incident {
  readonly id: string;
  readonly #serviceId: string;
  readonly #startsAt: number;
  readonly #opened: RecordedEvent<'incident.opened'> | undefined;
  readonly #statuses: Records<'incident.status-changed' | 'incident.update-posted' | 'incident.deleted'>;
  readonly #impacts: Records<'incident.assessed' | 'incident.update-posted'>;
  readonly #named: Records<'incident.assessed'>;
  readonly #isDeleted: boolean;
  /** When anything of it takes effect, in milliseconds. */
  readonly #moments: readonly number[];

  constructor(all: readonly RecordedEvent[], serviceId: string) {
    const retracted = records(all, 'incident.update-retracted').map(({ event }) => event.data.updateId);
    const events = all.filter(({ data }) => !('updateId' in data && retracted.includes(data.updateId)));
    const [opened] = records(events, 'incident.opened');
    const moved = records(events, 'incident.start-moved').at(-1)?.event.data.startedAt;
    this.id = events[0] ? entityId(events[0]) : '';
    this.#serviceId = serviceId;
    this.#startsAt = moved ? Date.parse(moved) : (opened?.from ?? Number.POSITIVE_INFINITY);
    this.#opened = opened?.event;
    this.#statuses = records(events, 'incident.status-changed', 'incident.update-posted', 'incident.deleted');
    const assessed = records(events, 'incident.assessed');
    const assessing = records(events, 'incident.assessed', 'incident.update-posted');
    this.#impacts = assessing.filter(({ event }) => event.data.impacts !== undefined);
    this.#named = assessed.filter(({ event }) => event.data.affectedServiceIds !== undefined);
    this.#moments = [this.#startsAt, ...events.map(moment)];
    this.#isDeleted = events.some(({ type }) => type === 'incident.deleted');
  }

  claimAt(at: number): ServiceStatus | undefined {
    if (!this.#isActiveAt(at)) return undefined;
    return (latest(this.#impacts, at) ?? this.#opened)?.data.impacts?.[this.#serviceId];
  }

  namesIn(at: number): boolean {
    const moments = this.#moments.filter((each) => Math.floor(each / 1_000) === at);
    return !this.#isDeleted && [...moments, endOf(at)].some((each) => this.#namesAt(each));
  }

  #namesAt(at: number): boolean {
    // At its start it names its services even if it was over then.
    if (!this.#isActiveAt(at) && at !== this.#startsAt) return false;
    const named = (latest(this.#named, at) ?? this.#opened)?.data.affectedServiceIds ?? [];
    const impacts = (latest(this.#impacts, at) ?? this.#opened)?.data.impacts ?? {};
    return named.includes(this.#serviceId) || this.#serviceId in impacts;
  }

  #isActiveAt(at: number): boolean {
    if (at < this.#startsAt) return false;
    const last = latest(this.#statuses, at);
    if (last?.type === 'incident.deleted') return false;
    return (last ?? this.#opened)?.data.status !== 'resolved';
  }
}
