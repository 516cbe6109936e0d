// Services: the status that teams report, and the shown status, which also takes unresolved incidents into account.
import {
  type ClaimsState,
  changeOfClaims,
  NO_CLAIMS,
  type Statement,
  servicesAffectedBy,
  withStatements,
} from './claims.ts';
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId, happenedAt, placeOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import { type ServiceStatus, worst } from './events/severity.ts';
import { sourceOf } from './events/source-event.ts';
import { blankAt } from './events/texts.ts';
import { type MentionsState, streamsOf } from './mentions.ts';
import { selectEntities, selectEntity } from './selection.ts';
import {
  type Group,
  type GroupsState,
  groupCounting,
  membersOf,
  NO_GROUPS,
  withGroupEvent,
  withService,
  withStoredServices,
} from './service/group.ts';
import { idsNamed, type ServiceNames, withRenamed } from './service/service-names.ts';
import { correctionOf } from './service/status-history.ts';
import { draftOf, type Service, type ServiceDraft, showService } from './service.ts';
import {
  type Collection,
  type CollectionPart,
  type Counting,
  decodeCollection,
  emptyCollection,
  encodeCollection,
  findEntity,
  inParts,
  replaceEntity,
} from './state/collection.ts';
import type { FieldChange } from './state/field-changes.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';
import { retold, translationsAfter } from './state/translated.ts';
import type { Part } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

export interface ServiceTally {
  readonly total: number;
  readonly byStatus: Readonly<Record<ServiceStatus, number>>;
  /** Sum of the uptimes in millionths of a per cent: integers, so that adding and taking away never drifts. */
  readonly uptimeSum: number;
}

type Services = Collection<Service, ServiceTally>;

/** Services and their groups: the status of a group follows from its services. */
export interface ServicesState extends ClaimsState, GroupsState {
  readonly services: Services;
  /** Derived from `services`. */
  readonly names: ServiceNames;
}

export const UPTIME_UNITS = 1_000_000;

const counting: Counting<Service, ServiceTally> = {
  zero: { total: 0, byStatus: { operational: 0, maintenance: 0, degraded: 0, partial: 0, major: 0 }, uptimeSum: 0 },
  recount(tally, before, after) {
    if (before?.status === after?.status && before?.uptime === after?.uptime) return tally;
    const byStatus = { ...tally.byStatus };
    if (before) byStatus[before.status] -= 1;
    if (after) byStatus[after.status] += 1;
    return {
      total: tally.total + Number(after !== undefined) - Number(before !== undefined),
      byStatus,
      uptimeSum: tally.uptimeSum + uptimeUnits(after) - uptimeUnits(before),
    };
  },
};

function uptimeUnits(service: Service | undefined): number {
  return Math.round((service?.uptime ?? 0) * UPTIME_UNITS);
}

export const servicesProjection: Projection<ServicesState> = {
  name: 'services',
  version: 10,
  initial: { services: emptyCollection(), names: PersistentMap.empty(), ...NO_CLAIMS, ...NO_GROUPS },
  on(state, event) {
    switch (event.type) {
      case 'service.created':
        return created(state, event);
      case 'service.described':
        return changed(state, event, (service) => Object.assign(service, event.data, retold(service, event.data)));
      case 'service.placed':
      case 'service.start-moved':
      case 'service.display-changed':
        return changed(state, event, (service) => Object.assign(service, event.data));
      case 'service.uptime-reported':
        return changed(state, event, (service) => {
          service.uptime = event.data.uptime;
          service.isUptimeReported = true;
        });
      case 'service.status-reported':
        return changed(state, event, (service) => {
          if (service.reportedStatus !== event.data.status) service.reportedBy = sourceOf(event);
          service.reportedStatus = event.data.status;
          service.reportedSince = happenedAt(event);
          service.reportedAt = event.recordedAt;
        });
      case 'service.history-corrected':
      case 'service.correction-withdrawn':
        return changed(state, event, () => {});
      case 'service.deleted':
        return replaced(state, event, findService(state, entityId(event)), undefined);
      case 'group.created':
      case 'group.described':
      case 'group.placed':
        return withGroups(state, withGroupEvent(state, event));
      case 'group.deleted':
        return groupDeleted(state, event);
      case 'event.redacted':
        return redacted(state, event);
      default:
        return withChangedClaims(state, event);
    }
  },
  *encode({ services, statements, groups }) {
    for (const part of inParts(statements)) yield { statements: part };
    for (const part of encodeCollection(groups)) yield { groups: part };
    yield* encodeCollection(services);
  },
  decode(state, part) {
    const { statements, groups } = part as StoredParts;
    if (statements) return withClaims(state, withStatements(state, statements));
    if (groups) return withGroups(state, { ...state, groups: decodeCollection(state.groups, groups, groupCounting) });
    return withServices(state, part as CollectionPart<Service>);
  },
};

/** The parts of the encoded state other than those of the services. */
interface StoredParts {
  readonly statements?: readonly (readonly [string, Statement])[];
  readonly groups?: CollectionPart<Group>;
}

/** The state with one more decoded part of its services. */
function withServices(state: ServicesState, part: CollectionPart<Service>): ServicesState {
  const added = 'entities' in part ? part.entities : [];
  const names = added.reduce((all, service) => withRenamed(all, undefined, service), state.names);
  const services = decodeCollection(state.services, part, counting);
  return { ...state, ...withStoredServices(state, added), services, names };
}

function created(state: ServicesState, event: RecordedEvent<'service.created'>): ServicesState {
  const { name, description, status, uptime, startDate = happenedAt(event) } = event.data;
  const service = draftOf({
    id: entityId(event),
    name,
    description,
    reportedStatus: status,
    reportedSince: happenedAt(event),
    reportedAt: event.recordedAt,
    reportedBy: sourceOf(event),
    status,
    uptime,
    isUptimeReported: false,
    groupId: null,
    rank: null,
    showUptime: true,
    onlyShowIfAffected: false,
    startDate,
    translations: translationsAfter(null, { sent: event.data.translations, isRetold: true }),
    ...placeOf(event),
    createdAt: happenedAt(event),
    lastUpdated: event.recordedAt,
    version: event.version,
    origin: event.position,
    position: event.position,
  });
  return replaced(state, event, undefined, service);
}

function changed(state: ServicesState, event: RecordedEvent, change: (draft: ServiceDraft) => void): ServicesState {
  const before = findService(state, entityId(event));
  if (!before) return state;
  const draft = draftOf(before);
  draft.version = event.version;
  change(draft);
  return replaced(state, event, before, shown(state, event, draft));
}

function redacted(state: ServicesState, event: RecordedEvent<'event.redacted'>): ServicesState {
  switch (aggregateOf(event)) {
    case 'service':
      return changed(state, event, (service) => Object.assign(service, blankAt(service, event.data.shown)));
    case 'group':
      return withGroups(state, withGroupEvent(state, event));
    default:
      return state;
  }
}

/** The state without the group. Its services have none from then on, and no place in the order. */
function groupDeleted(state: ServicesState, event: RecordedEvent<'group.deleted'>): ServicesState {
  let next = state;
  for (const id of membersOf(state, entityId(event))) {
    const before = findService(next, id);
    if (!before) continue;
    next = replaced(next, event, before, touched(Object.assign(draftOf(before), { groupId: null, rank: null }), event));
  }
  return withGroups(next, withGroupEvent(next, event));
}

/** The draft with its shown status computed from the reported status and all claims. */
function shown(state: ServicesState, event: RecordedEvent, draft: ServiceDraft): Service {
  const { reportedStatus } = draft;
  const claims = state.claims.get(draft.id);
  draft.status = claims ? worst([reportedStatus, ...claims.values()]) : reportedStatus;
  return touched(draft, event);
}

function touched(draft: ServiceDraft, event: RecordedEvent): Service {
  draft.lastUpdated = event.recordedAt;
  draft.position = event.position;
  return draft;
}

function replaced(
  state: ServicesState,
  event: RecordedEvent,
  before: Service | undefined,
  after: Service | undefined,
): ServicesState {
  const { statements, claims } = state;
  const { groups, members } = withService(state, event, before, after);
  return {
    services: replaceEntity(state.services, event, { before, after }, counting),
    names: withRenamed(state.names, before, after),
    statements,
    claims,
    groups,
    members,
  };
}

/** The state after an event that may change the claims of incidents. */
function withChangedClaims(state: ServicesState, event: RecordedEvent): ServicesState {
  const change = changeOfClaims(state, event);
  if (!change) return state;
  const next = withClaims(state, change.after);
  return change.serviceIds.reduce((after, serviceId) => reshown(after, event, serviceId), next);
}

function withClaims(state: ServicesState, { statements, claims }: ClaimsState): ServicesState {
  const { services, names, groups, members } = state;
  return { services, names, statements, claims, groups, members };
}

function withGroups(state: ServicesState, { groups, members }: GroupsState): ServicesState {
  const { services, names, statements, claims } = state;
  return { services, names, statements, claims, groups, members };
}

/** The state with the service's shown status recomputed from the current claims. */
function reshown(state: ServicesState, event: RecordedEvent, serviceId: string): ServicesState {
  const before = findService(state, serviceId);
  const after = before && shown(state, event, draftOf(before));
  return after?.status === before?.status ? state : replaced(state, event, before, after);
}

/** The service with this id, without an access check: for folds and decisions. */
export function findService(state: ServicesState, id: string): Service | undefined {
  return findEntity(state.services, id);
}

export function selectService(state: ServicesState, viewer: Viewer, id: string): Service | undefined {
  return selectEntity(state.services, viewer, id);
}

/** In the order of their creation. */
export function selectServices(state: ServicesState, viewer: Viewer, part: Part): Service[] {
  return [...selectEntities(state.services, viewer, part)];
}

/** The services of the organisation that have one of these as their name or id, in the order of their creation. */
export function selectNamedServices(
  state: ServicesState,
  viewer: Viewer,
  organizationId: string,
  namesOrIds: readonly string[],
): Service[] {
  const ids = new Set(namesOrIds.flatMap((each) => [each, ...idsNamed(state.names, organizationId, each)]));
  return [...ids]
    .flatMap((id) => selectService(state, viewer, id) ?? [])
    .filter((service) => service.organizationId === organizationId)
    .sort((a, b) => a.origin - b.origin);
}

/** Ids of services that an event of another stream may have changed. The states are around its commit. */
export function servicesTouched(before: ServicesState, event: RecordedEvent, after: ServicesState): readonly string[] {
  if (event.type === 'group.deleted') {
    const members = [...membersOf(before, entityId(event))].flatMap((id) => findService(before, id) ?? []);
    return members.sort((a, b) => a.origin - b.origin).map(({ id }) => id);
  }
  return servicesAffectedBy(before, event, after);
}

export const serviceKind = {
  aggregate: 'service',
  audience: 'public',
  plural: 'services',
  projection: servicesProjection,
  state: ({ services }) => services,
  collection: ({ services }) => services,
  show: showService,
  status: ({ status }) => status,
  isSettled: () => false,
  isActive: () => true,
  touched: ({ before, after }, event) => servicesTouched(before.services, event, after.services),
  streams: ({ mentions }, id) => streamsOf(mentions, 'service', id),
  textsUnder: () => '',
  // `status` also depends on incidents, whose events are not in the service's own stream.
  notInHistory: ['status', 'reportedSince', 'reportedAt'],
  additions: changesOfCorrections,
} as const satisfies EntityKind<
  { readonly services: ServicesState; readonly mentions: MentionsState },
  Service,
  ServicesState
>;

/** The correction that the event made or, by its id alone, withdrew. */
function changesOfCorrections(event: RecordedEvent): FieldChange[] {
  switch (event.type) {
    case 'service.history-corrected':
      return [{ field: 'corrections', from: null, to: correctionOf(event) }];
    case 'service.correction-withdrawn':
      return [{ field: 'corrections', from: { id: event.data.correctionId }, to: null }];
    default:
      return [];
  }
}
