// What commands on incidents say of services: which are affected, and which status the incident gives them.
import * as z from 'zod';
import { CLAIMED_STATUSES } from '../../../projections/events/severity.ts';
import type { Impacts } from '../../../projections/incident/course.ts';
import type { Incident } from '../../../projections/incidents.ts';
import { findService, type ServicesState, selectNamedServices } from '../../../projections/services.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Guard } from '../../log/commit.ts';
import { type Rejection, reject } from '../command.ts';
import { changedMembers, nameField } from '../fields.ts';
import { serviceStream } from '../placing.ts';

export const affectedServicesField = z.array(nameField).max(100);

export const impactsField = z
  .record(z.uuid(), z.enum(CLAIMED_STATUSES))
  .refine((impacts) => Object.keys(impacts).length <= 100, 'must name no more than 100 services');

type Assessment = Pick<Incident, 'impact' | 'affectedServices' | 'affectedServiceIds' | 'impacts'>;

/**
 * The changes of an incident's assessment. A service in `impacts` always counts as affected, and an impact of `none`
 * takes all impacts on services back.
 */
export function assess(
  { impact, affectedServices, affectedServiceIds, impacts }: Incident,
  asked: { readonly [K in keyof Assessment]?: Assessment[K] | undefined },
  named: readonly string[] = affectedServiceIds,
): Partial<Assessment> | undefined {
  const asserted = asked.impact === 'none' ? {} : asked.impacts;
  return changedMembers(
    { impact, affectedServices, affectedServiceIds, impacts },
    { ...asked, impacts: asserted, affectedServiceIds: union(named, Object.keys(asserted ?? impacts)) },
  );
}

/** Ids of the organisation's services that match one of the names or ids. A name without a match adds no id. */
export function resolveServices(
  names: readonly string[],
  services: ServicesState,
  viewer: Viewer,
  organizationId: string,
): string[] {
  return selectNamedServices(services, viewer, organizationId, names).map(({ id }) => id);
}

/** The impacts that a body asks for, and what the incident is or is to be. */
interface AskedImpacts {
  readonly impacts: Impacts | undefined;
  readonly organizationId: string;
  readonly impact: Incident['impact'];
  /** The impacts that the incident has already. */
  readonly known?: Impacts;
}

/** Rejects impacts of an incident with impact `none`, and those that add a service that its organisation does not have. */
export function refuseImpacts(
  { impacts = {}, organizationId, impact, known }: AskedImpacts,
  services: ServicesState,
): Rejection | undefined {
  if (impact === 'none' && Object.keys(impacts).length > 0) {
    return reject('impact-none', 'An incident with impact none gives no service a status.', '/impacts');
  }
  const unknownId = newlyNamed(impacts, known).find(
    (id) => findService(services, id)?.organizationId !== organizationId,
  );
  if (unknownId === undefined) return undefined;
  return reject(
    'unknown-service',
    `There is no service ${unknownId} in the organisation of the incident.`,
    `/impacts/${unknownId}`,
  );
}

/** Guards so that the services newly named in the impacts still exist when the event is recorded. */
export function guardsOf(impacts: Impacts = {}, services: ServicesState, known?: Impacts): Guard[] {
  return newlyNamed(impacts, known).flatMap((id) => {
    const service = findService(services, id);
    return service ? { stream: serviceStream(id), expected: service.version } : [];
  });
}

function newlyNamed(impacts: Impacts, known: Impacts = {}): string[] {
  return Object.keys(impacts).filter((id) => known[id] === undefined);
}

export function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}
