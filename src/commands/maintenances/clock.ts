// What the clock does to a maintenance: it begins and ends it at the planned moments, and follows changed zone data.
import type { Maintenance } from '../../../projections/maintenance.ts';
import { findMaintenance } from '../../../projections/maintenances.ts';
import { isDeletedOrganization } from '../../../projections/organizations.ts';
import { acceptChanges, type Change, type Command } from '../command.ts';
import { dueChanges, nextDue } from './states.ts';
import { maintenanceStream, unknownMaintenance } from './streams.ts';
import { correctedWindow } from './windows.ts';

/** Records what is due by now. Maintenance of a deleted organisation stays as it is. */
export const keepTime: Command<{ id: string }> = {
  stream: ({ id }) => maintenanceStream(id),
  decide({ id }, { maintenances, organizations }, { now }) {
    const maintenance = findMaintenance(maintenances, id);
    if (!maintenance || isDeletedOrganization(organizations, maintenance.organizationId)) return unknownMaintenance(id);
    const corrected = correction(maintenance);
    const changes: Change[] = corrected ? [{ type: 'maintenance.moved', data: { ...corrected, bySeries: true } }] : [];
    const due = dueChanges({ ...maintenance, ...corrected }, now);
    return acceptChanges(maintenance, { stream: maintenanceStream(id), role: 'anyone' }, [...changes, ...due]);
  },
};

/** In place of a moment that is past already: before all of them. */
export const AT_ONCE = '';

/** When the clock has to look at it next; `undefined` if never. */
export function nextLook(maintenance: Maintenance): string | undefined {
  return correction(maintenance) ? AT_ONCE : nextDue(maintenance);
}

/** Where zone data say otherwise now. What has begun stays where it is. */
function correction(maintenance: Maintenance): ReturnType<typeof correctedWindow> {
  return maintenance.status === 'scheduled' ? correctedWindow(maintenance) : undefined;
}
