// Claims: the statuses that unresolved incidents give to services.
import { aggregateOf, entityId } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { ClaimedStatus } from './events/severity.ts';
import { countedImpacts, impactChanges, type Standing, type Step, type StepType, stepOf } from './incident/course.ts';
import { PersistentMap } from './state/persistent-map.ts';

/** The statuses that one incident gives to services. They count while the incident is unresolved. */
export interface Statement extends Pick<Standing, 'status' | 'impacts'> {
  /** What its events set of it, in order: without an update that is taken back it is made of the others again. */
  readonly course: readonly Said[];
}

type Said = Pick<Step, 'updateId' | 'status' | 'impacts'>;

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
    case 'incident.assessed':
    case 'incident.status-changed':
    case 'incident.update-posted':
      return withSaid(before, event);
    case 'incident.update-retracted':
      return withCourse(before, event, (course) => course.filter(({ updateId }) => updateId !== event.data.updateId));
    case 'incident.deleted':
    case 'incident.retracted':
      return withStatement(before, event, undefined);
    default:
      return undefined;
  }
}

/** The change when the event adds to what its incident says; nothing if it sets neither status nor impacts. */
function withSaid(before: ClaimsState, event: RecordedEvent<StepType>): ClaimsChange | undefined {
  const { updateId, status, impacts } = stepOf(event);
  if (status === undefined && impacts === undefined) return undefined;
  const said: Said = {
    ...(updateId === undefined ? {} : { updateId }),
    ...(status === undefined ? {} : { status }),
    ...(impacts === undefined ? {} : { impacts }),
  };
  return withCourse(before, event, (course) => [...course, said]);
}

function withCourse(
  before: ClaimsState,
  event: RecordedEvent,
  change: (course: readonly Said[]) => readonly Said[],
): ClaimsChange | undefined {
  const statement = before.statements.get(entityId(event));
  if (!statement && event.type !== 'incident.opened') return undefined;
  return withStatement(before, event, statementOf(change(statement?.course ?? [])));
}

function statementOf(course: readonly Said[]): Statement {
  const status = course.findLast((said) => said.status !== undefined)?.status ?? 'investigating';
  return { status, impacts: course.findLast((said) => said.impacts !== undefined)?.impacts ?? {}, course };
}

/** The claims after loading stored statements: adds the statements and derives their claims. */
export function withStatements(
  before: ClaimsState,
  statements: readonly (readonly [incidentId: string, Statement])[],
): ClaimsState {
  let { claims } = before;
  for (const [incidentId, statement] of statements) {
    for (const [serviceId, status] of Object.entries(countedImpacts(statement))) {
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

/** The change when an incident's statement is replaced; `undefined` removes it. */
function withStatement(before: ClaimsState, event: RecordedEvent, statement: Statement | undefined): ClaimsChange {
  const incidentId = entityId(event);
  const changes = impactChanges(before.statements.get(incidentId), statement);
  const statements = statement ? before.statements.set(incidentId, statement) : before.statements.delete(incidentId);
  const claims = changes.reduce(
    (all, { serviceId, to }) => withClaim(all, { serviceId, incidentId }, to ?? undefined),
    before.claims,
  );
  return { after: { statements, claims }, serviceIds: changes.map(({ serviceId }) => serviceId) };
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

function claimsOn(claims: ClaimsState['claims'], serviceId: string): PersistentMap<ClaimedStatus> {
  return claims.get(serviceId) ?? PersistentMap.empty();
}
