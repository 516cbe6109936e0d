// Claims: what unresolved incidents say of services.
import { aggregateOf, entityId } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { ClaimedStatus, IncidentStatus } from './events/severity.ts';
import { PersistentMap } from './state/persistent-map.ts';

/** What one incident says of services, as long as it is unresolved. */
export interface Statement {
  readonly status: IncidentStatus;
  readonly impacts: Readonly<Record<string, ClaimedStatus>>;
}

export interface ClaimsState {
  /** By incident id. */
  readonly statements: PersistentMap<Statement>;
  /** By service id, then by incident id: what unresolved incidents say of it. */
  readonly claims: PersistentMap<PersistentMap<ClaimedStatus>>;
}

export const NO_CLAIMS: ClaimsState = { statements: PersistentMap.empty(), claims: PersistentMap.empty() };

/** The claims after an event, and the services of which they changed. */
export interface ClaimsChange {
  readonly after: ClaimsState;
  readonly serviceIds: readonly string[];
}

/** What the event changes of the claims; `undefined` where it does not concern them. */
export function changeOfClaims(before: ClaimsState, event: RecordedEvent): ClaimsChange | undefined {
  switch (event.type) {
    case 'incident.opened':
      return stated(before, event, { status: event.data.status, impacts: event.data.impacts });
    case 'incident.assessed':
      return event.data.impacts && restated(before, event, { impacts: event.data.impacts });
    case 'incident.status-changed':
    case 'incident.update-posted':
      return restated(before, event, { status: event.data.status });
    case 'incident.deleted':
      return stated(before, event, undefined);
    default:
      return undefined;
  }
}

/** The claims with statements that were stored, and what they amount to. */
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
 * Ids of the services that the event of an incident can change: those of which the incident spoke before the commit, in
 * the event, or after the commit. A service of which it spoke more than once is named more than once.
 */
export function servicesSpokenOf(before: ClaimsState, event: RecordedEvent, after: ClaimsState): readonly string[] {
  if (aggregateOf(event) !== 'incident') return [];
  const incidentId = entityId(event);
  const inEvent = 'impacts' in event.data ? event.data.impacts : undefined;
  const impacts = [before.statements.get(incidentId)?.impacts, inEvent, after.statements.get(incidentId)?.impacts];
  return impacts.flatMap((each = {}) => Object.keys(each));
}

function restated(before: ClaimsState, event: RecordedEvent, change: Partial<Statement>): ClaimsChange | undefined {
  const statement = before.statements.get(entityId(event));
  return statement && stated(before, event, { ...statement, ...change });
}

/** The change after an incident says something else of services, or nothing any more. */
function stated(before: ClaimsState, event: RecordedEvent, statement: Statement | undefined): ClaimsChange {
  const incidentId = entityId(event);
  const was = claimsOf(before.statements.get(incidentId));
  const is = claimsOf(statement);
  const serviceIds = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((id) => was[id] !== is[id]);
  const statements = statement ? before.statements.set(incidentId, statement) : before.statements.delete(incidentId);
  const claims = serviceIds.reduce((all, id) => claimed(all, { serviceId: id, incidentId }, is[id]), before.claims);
  return { after: { statements, claims }, serviceIds };
}

function claimed(
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
