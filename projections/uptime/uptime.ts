// Uptime: what was shown of each service in every second, as far as it is known by now.
import { entityId } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import { inParts } from '../state/collection.ts';
import { PersistentMap } from '../state/persistent-map.ts';
import type { Projection } from '../state/projection.ts';
import { HORIZON, momentOf, secondOf } from './seconds.ts';
import {
  type CorrectedInterval,
  newServiceTime,
  type ServiceTime,
  withBlankReason,
  withClaims,
  withCorrection,
  withoutCorrection,
  withoutNames,
  withReport,
} from './service-time.ts';
import {
  claimsAfter,
  claimsSince,
  momentBefore,
  type ServiceClaim,
  servicesOf,
  type Teller,
  tellerOf,
  withoutUpdate,
  withTold,
} from './teller.ts';
import { levelOfStatus, tellingOf } from './told.ts';

export interface UptimeState {
  /** By id. A deleted service is not here. */
  readonly services: PersistentMap<ServiceTime>;
  /** What is told of services by those incidents that are neither deleted nor retracted, by id. */
  readonly tellers: PersistentMap<Teller>;
  /** By organisation: position of the last event that changed anything here. */
  readonly positions: PersistentMap<number>;
}

type StatePart =
  | { readonly service: string; readonly organizationId: string; readonly startsAt: number; readonly position: number }
  | { readonly of: string; readonly reports: readonly (readonly [from: number, said: number])[] }
  | { readonly of: string; readonly claims: readonly ServiceClaim[] }
  | { readonly of: string; readonly corrections: readonly CorrectedInterval[] }
  | { readonly tellers: readonly (readonly [id: string, ...Parameters<typeof tellerOf>])[] }
  | { readonly positions: readonly (readonly [organizationId: string, position: number])[] };

export const uptimeProjection: Projection<UptimeState> = {
  name: 'uptime',
  version: 4,
  initial: { services: PersistentMap.empty(), tellers: PersistentMap.empty(), positions: PersistentMap.empty() },
  on(state, event) {
    switch (event.type) {
      case 'service.created':
        return replaced(state, event, created(event));
      case 'service.start-moved':
        return changed(state, event, (service) => ({ ...service, startsAt: secondOf(event.data.startDate) }));
      case 'service.status-reported':
        return changed(state, event, (service) => {
          const level = levelOfStatus(event.data.status);
          return withReport(service, reportedAt(event), level, event.position);
        });
      case 'service.history-corrected':
        return changed(state, event, (service) => withCorrection(service, correctedBy(event)));
      case 'service.correction-withdrawn':
        return changed(state, event, (service) => withoutCorrection(service, event.data.correctionId));
      case 'event.redacted':
        return changed(state, event, (service) => withBlankReason(service, event.data.eventId));
      case 'service.deleted':
        return replaced(state, event, undefined);
      case 'service.placed':
      case 'group.created':
      case 'group.deleted':
        // The figures of groups are others, those of services stay.
        return { ...state, positions: state.positions.set(event.organizationId, event.position) };
      default:
        return told(state, event);
    }
  },
  *encode({ services, tellers, positions }): Generator<StatePart> {
    for (const [id, service] of services) yield* encodeService(id, service);
    const listed = (function* () {
      for (const [id, teller] of tellers) yield [id, teller.noun, teller.startsAt, teller.told] as const;
    })();
    for (const part of inParts(listed)) yield { tellers: part };
    for (const part of inParts(positions)) yield { positions: part };
  },
  decode(state, given) {
    const part = given as StatePart;
    if ('tellers' in part) {
      const tellers = part.tellers.map(([id, ...teller]) => [id, tellerOf(...teller)] as const);
      return { ...state, tellers: state.tellers.setAll(tellers) };
    }
    if ('positions' in part) return { ...state, positions: state.positions.setAll(part.positions) };
    const id = 'of' in part ? part.of : part.service;
    return { ...state, services: state.services.set(id, decodeService(state.services.get(id), part)) };
  },
};

function created(event: RecordedEvent<'service.created'>): ServiceTime {
  const since = reportedAt(event);
  const { startDate } = event.data;
  const service = newServiceTime(event.organizationId, startDate === undefined ? since : secondOf(startDate));
  return withReport(service, since, levelOfStatus(event.data.status), event.position);
}

function reportedAt(event: RecordedEvent): number {
  return Math.floor(momentOf(event) / 1_000);
}

function correctedBy(event: RecordedEvent<'service.history-corrected'>): CorrectedInterval {
  const { id: eventId, position: by } = event;
  const { correctionId: key, from, to, status, reason } = event.data;
  return { key, from: secondOf(from), to: secondOf(to), level: levelOfStatus(status), by, eventId, reason };
}

function changed(state: UptimeState, event: RecordedEvent, change: (service: ServiceTime) => ServiceTime): UptimeState {
  const before = state.services.get(entityId(event));
  const after = before && change(before);
  return after === before ? state : replaced(state, event, after);
}

function replaced(state: UptimeState, event: RecordedEvent, service: ServiceTime | undefined): UptimeState {
  return withService(state, event, entityId(event), service);
}

function withService(
  { services, tellers, positions }: UptimeState,
  { organizationId, position }: RecordedEvent,
  id: string,
  service: ServiceTime | undefined,
): UptimeState {
  return {
    services: service
      ? services.set(id, service.position === position ? service : { ...service, position })
      : services.delete(id),
    tellers,
    positions: positions.set(organizationId, position),
  };
}

/** The state after an event that may tell something of services. */
function told(state: UptimeState, event: RecordedEvent): UptimeState {
  const telling = tellingOf(event);
  if (!telling) return state;
  const before = state.tellers.get(entityId(event));
  if (telling.kind === 'begins' && !before) {
    const silent = tellerOf(telling.noun, telling.startsAt, []);
    return retold(state, event, { before: silent, after: withTold(silent, telling.told) });
  }
  if (!before) return state;
  switch (telling.kind) {
    case 'begins':
    case 'tells': {
      const after = withTold(before, telling.told);
      return after === before ? state : retold(state, event, { before, after, since: telling.told.at });
    }
    case 'moves':
      return retold(state, event, { before, after: { ...before, startsAt: telling.startsAt } });
    case 'unsays':
      return retold(state, event, { before, after: withoutUpdate(before, telling.updateId) });
    case 'ends': {
      const ended = retold(state, event, { before, after: withTold(before, telling.told), since: telling.told.at });
      return forgotten(ended, event);
    }
    case 'vanishes': {
      const after = tellerOf(before.noun, before.startsAt, []);
      return forgotten(retold(state, event, { before, after }), event);
    }
  }
}

/** The state without a teller: it leaves the lists of all days, and what it claimed stays. */
function forgotten(state: UptimeState, event: RecordedEvent): UptimeState {
  const id = entityId(event);
  const known = state.tellers.get(id);
  if (!known) return state;
  let next: UptimeState = { ...state, tellers: state.tellers.delete(id) };
  for (const serviceId of servicesOf(known)) {
    const service = next.services.get(serviceId);
    if (!service) continue;
    const claims = claimsBy(service, id, Math.floor(known.startsAt / 1_000));
    if (claims.length > 0) next = withService(next, event, serviceId, withoutNames(service, claims));
  }
  return next;
}

/** The claims of a teller on a service that overlap the time from a second on. */
function claimsBy({ claims }: ServiceTime, id: string, since: number): readonly ServiceClaim[] {
  return claims.overlapping(since, HORIZON + 1).filter(({ key }) => key === id);
}

interface Retelling {
  readonly before: Teller;
  readonly after: Teller;
  /** The moment before which it tells the same, in milliseconds; without it, all is told anew. */
  readonly since?: number;
}

/** The state with what a teller tells after a change, and with the claims that it makes now. */
function retold(state: UptimeState, event: RecordedEvent, { before, after, since }: Retelling): UptimeState {
  const id = entityId(event);
  // Whole steps: two that begin in one second can be told apart only by their moments.
  const moment = since === undefined ? after.startsAt : momentBefore(after, since);
  const isWhole = moment === after.startsAt;
  const second = Math.floor(Math.min(moment, isWhole ? before.startsAt : moment) / 1_000);
  const claims = claimsSince(after, id, moment);
  let next: UptimeState = { ...state, tellers: state.tellers.set(id, after) };
  for (const serviceId of new Set([...servicesOf(before), ...servicesOf(after)])) {
    const service = next.services.get(serviceId);
    if (!service) continue;
    const was = claimsBy(service, id, second);
    const later = claims.get(serviceId) ?? [];
    const is = isWhole ? later : claimsAfter(was, second, later);
    const removed = was.filter((each) => !is.some((other) => isSame(each, other)));
    const added = is.filter((each) => !was.some((other) => isSame(each, other)));
    if (removed.length + added.length === 0) continue;
    next = withService(next, event, serviceId, withClaims(service, { removed, added }));
  }
  return next;
}

function isSame(a: ServiceClaim, b: ServiceClaim): boolean {
  return a.from === b.from && a.to === b.to && a.level === b.level && a.by === b.by;
}

function* encodeService(id: string, service: ServiceTime): Generator<StatePart> {
  const { organizationId, startsAt, position, reports, claims, corrections } = service;
  yield { service: id, organizationId, startsAt, position };
  const runs = (function* () {
    for (const { from, said } of reports) yield [from, said] as const;
  })();
  for (const part of inParts(runs)) yield { of: id, reports: part };
  for (const part of inParts(claims)) yield { of: id, claims: part };
  for (const part of inParts(corrections)) yield { of: id, corrections: part };
}

type ServicePart = Exclude<StatePart, { readonly tellers: unknown } | { readonly positions: unknown }>;

function decodeService(before: ServiceTime | undefined, part: ServicePart): ServiceTime {
  if ('service' in part) return { ...newServiceTime(part.organizationId, part.startsAt), position: part.position };
  if (!before) throw new Error(`A part belongs to the service ${part.of}, which does not exist.`);
  if ('reports' in part) {
    const reports = part.reports.reduce((line, [from, said]) => line.saidFrom(from, said), before.reports);
    return { ...before, reports, said: reports, settled: reports };
  }
  if ('claims' in part) {
    return part.claims.reduce((service, each) => withClaims(service, { removed: [], added: [each] }), before);
  }
  return part.corrections.reduce(withCorrection, before);
}
