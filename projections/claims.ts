// Claims: the statuses that unresolved incidents, and maintenance in progress, give to services.
import { aggregateOf, entityId } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { ServiceStatus } from './events/severity.ts';
import { countedImpacts, type Standing, type Step } from './incident/course.ts';
import { PersistentMap } from './state/persistent-map.ts';

/** The statuses that one incident gives to services. They count while the incident is unresolved. */
export interface Statement extends Pick<Standing, 'status' | 'impacts'> {
  /** What its events set of it, in order: without an update that is taken back it is made of the others again. */
  readonly course: readonly Said[];
}

type Said = Pick<Step, 'updateId' | 'status' | 'impacts'>;

/** What one maintenance that is not over gives to its services while it is in progress or being verified. */
interface Work {
  readonly isActive: boolean;
  readonly impacts: Readonly<Record<string, 'maintenance'>>;
}

export interface ClaimsState {
  /** By the id of the incident or maintenance. */
  readonly statements: PersistentMap<Statement | Work>;
  /** By service id, then by the id of the incident or maintenance: the status that it gives to the service now. */
  readonly claims: PersistentMap<PersistentMap<ServiceStatus>>;
}

export const NO_CLAIMS: ClaimsState = { statements: PersistentMap.empty(), claims: PersistentMap.empty() };

/** The claims after an event, and the services whose claims changed. */
export interface ClaimsChange {
  readonly after: ClaimsState;
  readonly serviceIds: readonly string[];
}

/** How the event changes the claims; `undefined` if it does not affect them. */
export function changeOfClaims(before: ClaimsState, event: RecordedEvent): ClaimsChange | undefined {
  switch (event.type) {
    case 'incident.opened':
    case 'incident.assessed':
    case 'incident.status-changed':
    case 'incident.update-posted':
      return withSaid(before, event);
    case 'incident.update-retracted':
      return withCourse(before, event, (course) => course.filter(({ updateId }) => updateId !== event.data.updateId));
    case 'incident.deleted':
    case 'incident.retracted':
    case 'maintenance.completed':
    case 'maintenance.cancelled':
    case 'maintenance.deleted':
      return withStatement(before, event, undefined);
    case 'maintenance.planned':
      return withStatement(before, event, { isActive: false, impacts: underMaintenance(event.data) });
    case 'maintenance.services-changed':
      return withWork(before, event, { impacts: underMaintenance(event.data) });
    case 'maintenance.started':
    case 'maintenance.verification-begun':
      return withWork(before, event, { isActive: true });
    default:
      return undefined;
  }
}

/** The change when the event adds to what its incident says; nothing if it sets neither status nor impacts. */
function withSaid(before: ClaimsState, event: RecordedEvent<SayingType>): ClaimsChange | undefined {
  const said = saidBy(event);
  return said && withCourse(before, event, (course) => [...course, said]);
}

type SayingType = 'incident.opened' | 'incident.assessed' | 'incident.status-changed' | 'incident.update-posted';

/** Without members that the event does not set: what is stored of a course is what counts of it alone. */
function saidBy(event: RecordedEvent<SayingType>): Said | undefined {
  switch (event.type) {
    case 'incident.opened':
      return { status: event.data.status, impacts: event.data.impacts };
    case 'incident.assessed':
      return event.data.impacts && { impacts: event.data.impacts };
    case 'incident.status-changed':
      return { status: event.data.status };
    case 'incident.update-posted': {
      const { updateId, status, impacts } = event.data;
      return impacts ? { updateId, status, impacts } : { updateId, status };
    }
  }
}

function withCourse(
  before: ClaimsState,
  event: RecordedEvent,
  change: (course: readonly Said[]) => readonly Said[],
): ClaimsChange | undefined {
  const statement = before.statements.get(entityId(event));
  if (!statement && event.type !== 'incident.opened') return undefined;
  const course = statement && 'course' in statement ? statement.course : [];
  return withStatement(before, event, statementOf(change(course)));
}

function statementOf(course: readonly Said[]): Statement {
  const status = course.findLast((said) => said.status !== undefined)?.status ?? 'investigating';
  return { status, impacts: course.findLast((said) => said.impacts !== undefined)?.impacts ?? {}, course };
}

/** The change when a maintenance goes on, or affects other services; nothing once it is over. */
function withWork(before: ClaimsState, event: RecordedEvent, change: Partial<Work>): ClaimsChange | undefined {
  const work = before.statements.get(entityId(event));
  return work && 'isActive' in work ? withStatement(before, event, { ...work, ...change }) : undefined;
}

function underMaintenance({ affectedServiceIds }: { readonly affectedServiceIds: readonly string[] }): Work['impacts'] {
  return Object.fromEntries(affectedServiceIds.map((id) => [id, 'maintenance']));
}

/** The claims after loading stored statements: adds the statements and derives their claims. */
export function withStatements(
  before: ClaimsState,
  statements: readonly (readonly [id: string, Statement | Work])[],
): ClaimsState {
  let { claims } = before;
  for (const [id, statement] of statements) {
    for (const [serviceId, status] of Object.entries(countedIn(statement))) {
      claims = claims.set(serviceId, claimsOn(claims, serviceId).set(id, status));
    }
  }
  return { statements: before.statements.setAll(statements), claims };
}

/**
 * Ids of the services that an event of an incident or a maintenance can change: those that it named before the commit, in
 * the event, or after the commit. The list may contain duplicates.
 */
export function servicesAffectedBy(before: ClaimsState, event: RecordedEvent, after: ClaimsState): readonly string[] {
  if (aggregateOf(event) !== 'incident' && aggregateOf(event) !== 'maintenance') return [];
  const id = entityId(event);
  const around = [before.statements.get(id)?.impacts, after.statements.get(id)?.impacts];
  return [...around.flatMap((each = {}) => Object.keys(each)), ...namedIn(event)];
}

/** What a commit begins and ends is in its events alone: a maintenance that was over when it was planned. */
function namedIn({ type, data }: RecordedEvent): readonly string[] {
  if (type === 'maintenance.planned' || type === 'maintenance.services-changed') return data.affectedServiceIds;
  return 'impacts' in data ? Object.keys(data.impacts ?? {}) : [];
}

/** The change when what an incident or a maintenance says is replaced; `undefined` removes it. */
function withStatement(
  before: ClaimsState,
  event: RecordedEvent,
  statement: Statement | Work | undefined,
): ClaimsChange {
  const sourceId = entityId(event);
  const was = countedIn(before.statements.get(sourceId));
  const is = countedIn(statement);
  const serviceIds = was === is ? [] : idsIn(was, is).filter((id) => was[id] !== is[id]);
  const statements = statement ? before.statements.set(sourceId, statement) : before.statements.delete(sourceId);
  const claims = serviceIds.reduce((all, id) => withClaim(all, { serviceId: id, sourceId }, is[id]), before.claims);
  return { after: { statements, claims }, serviceIds };
}

function idsIn(...all: readonly object[]): readonly string[] {
  return [...new Set(all.flatMap((each) => Object.keys(each)))];
}

/** What counts of it now, by service id. */
function countedIn(statement: Statement | Work | undefined): Readonly<Record<string, ServiceStatus>> {
  if (statement && 'isActive' in statement) return statement.isActive ? statement.impacts : {};
  return countedImpacts(statement);
}

function withClaim(
  claims: ClaimsState['claims'],
  { serviceId, sourceId }: { readonly serviceId: string; readonly sourceId: string },
  status: ServiceStatus | undefined,
): ClaimsState['claims'] {
  const before = claimsOn(claims, serviceId);
  const after = status ? before.set(sourceId, status) : before.delete(sourceId);
  return after.isEmpty ? claims.delete(serviceId) : claims.set(serviceId, after);
}

function claimsOn(claims: ClaimsState['claims'], serviceId: string): PersistentMap<ServiceStatus> {
  return claims.get(serviceId) ?? PersistentMap.empty();
}
