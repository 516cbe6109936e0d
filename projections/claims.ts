// Claims: the statuses that unresolved incidents give to services.
import { aggregateOf, entityId } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { ClaimedStatus, IncidentStatus } from './events/severity.ts';
import { PersistentMap } from './state/persistent-map.ts';

/** The statuses that one incident gives to services. They count while the incident is unresolved. */
export interface Statement {
  readonly status: IncidentStatus;
  readonly impacts: Readonly<Record<string, ClaimedStatus>>;
}

export interface ClaimsState {
  /** By incident id. */
  readonly statements: PersistentMap<Statement>;
  /** By service id, then by incident id: the status that the unresolved incident gives to the service. */
  readonly claims: PersistentMap<PersistentMap<ClaimedStatus>>;
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
      return withStatement(before, event, { status: event.data.status, impacts: event.data.impacts });
    case 'incident.assessed':
      return event.data.impacts && withChangedStatement(before, event, { impacts: event.data.impacts });
    case 'incident.status-changed':
    case 'incident.update-posted':
      return withChangedStatement(before, event, { status: event.data.status });
    case 'incident.deleted':
      return withStatement(before, event, undefined);
    default:
      return undefined;
  }
}

/** The claims after loading stored statements: adds the statements and derives their claims. */
export function withStatements(
  before: ClaimsState,
  statements: readonly (readonly [incidentId: string, Statement])[],
): ClaimsState {
  let { claims } = before;
  for (const [incidentId, statement] of statements) {
    for (const [serviceId, status] of Object.entries(claimsOf(statement))) {
      claims = claims.set(serviceId, claimsOn(claims, serviceId).set(incidentId, status));
    }
  }
  return { statements: before.statements.setAll(statements), claims };
}

/**
 * Ids of the services that an event of an incident can change: those in the incident's impacts before the commit, in
 * the event, or after the commit. The list may contain duplicates.
 */
export function servicesAffectedBy(before: ClaimsState, event: RecordedEvent, after: ClaimsState): readonly string[] {
  if (aggregateOf(event) !== 'incident') return [];
  const incidentId = entityId(event);
  const inEvent = 'impacts' in event.data ? event.data.impacts : undefined;
  const impacts = [before.statements.get(incidentId)?.impacts, inEvent, after.statements.get(incidentId)?.impacts];
  return impacts.flatMap((each = {}) => Object.keys(each));
}

function withChangedStatement(
  before: ClaimsState,
  event: RecordedEvent,
  change: Partial<Statement>,
): ClaimsChange | undefined {
  const statement = before.statements.get(entityId(event));
  return statement && withStatement(before, event, { ...statement, ...change });
}

/** The change when an incident's statement is replaced; `undefined` removes it. */
function withStatement(before: ClaimsState, event: RecordedEvent, statement: Statement | undefined): ClaimsChange {
  const incidentId = entityId(event);
  const was = claimsOf(before.statements.get(incidentId));
  const is = claimsOf(statement);
  const serviceIds = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((id) => was[id] !== is[id]);
  const statements = statement ? before.statements.set(incidentId, statement) : before.statements.delete(incidentId);
  const claims = serviceIds.reduce((all, id) => withClaim(all, { serviceId: id, incidentId }, is[id]), before.claims);
  return { after: { statements, claims }, serviceIds };
}

function withClaim(
  claims: ClaimsState['claims'],
  { serviceId, incidentId }: { readonly serviceId: string; readonly incidentId: string },
  status: ClaimedStatus | undefined,
): ClaimsState['claims'] {
  const before = claimsOn(claims, serviceId);
  const after = status ? before.set(incidentId, status) : before.delete(incidentId);
  return after.isEmpty ? claims.delete(serviceId) : claims.set(serviceId, after);
}

function claimsOf(statement: Statement | undefined): Statement['impacts'] {
  return statement && statement.status !== 'resolved' ? statement.impacts : {};
}

function claimsOn(claims: ClaimsState['claims'], serviceId: string): PersistentMap<ClaimedStatus> {
  return claims.get(serviceId) ?? PersistentMap.empty();
}
