// The services that a maintenance affects: given by name or id, recorded by id.
import * as z from 'zod';
import { findService, type ServicesState, selectNamedServices } from '../../../projections/services.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Guard } from '../../log/commit.ts';
import { type Rejection, reject } from '../command.ts';
import { nameField } from '../fields.ts';
import { serviceStream } from '../placing.ts';

export const affectedServicesField = z
  .array(nameField)
  .max(100)
  .describe('Names or ids of services of the organisation');

/** Where services are looked for. */
interface Among {
  readonly services: ServicesState;
  readonly viewer: Viewer;
  readonly organizationId: string;
  /** Ids of services that were affected before. */
  readonly known?: readonly string[];
}

/**
 * Ids of the organisation's services with these names or ids. Rejects a name or id that no service has; the id of one that
 * was deleted since it was affected may stay.
 */
export function resolveServices(
  namesOrIds: readonly string[],
  { services, viewer, organizationId, known = [] }: Among,
): readonly string[] | Rejection {
  const ids = new Set<string>();
  for (const [index, each] of namesOrIds.entries()) {
    const found = selectNamedServices(services, viewer, organizationId, [each]).map(({ id }) => id);
    const named = found.length === 0 && known.includes(each) ? [each] : found;
    if (named.length === 0) {
      const message = `There is no service ${each} in the organisation of the maintenance.`;
      return reject('invalid-request', message, `/affectedServices/${index}`);
    }
    for (const id of named) ids.add(id);
  }
  return [...ids];
}

/** Guards so that the services newly named still exist when the event is recorded. */
export function guardsOfServices(
  ids: readonly string[],
  services: ServicesState,
  known: readonly string[] = [],
): Guard[] {
  return ids
    .filter((id) => !known.includes(id))
    .flatMap((id) => {
      const service = findService(services, id);
      return service ? [{ stream: serviceStream(id), expected: service.version }] : [];
    });
}
