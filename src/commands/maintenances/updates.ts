// Commands on the updates of a maintenance: post, edit, retract.
import * as z from 'zod';
import { MAINTENANCE_STATUSES } from '../../../projections/events/severity.ts';
import { isOver, type Maintenance } from '../../../projections/maintenance.ts';
import { findMaintenance } from '../../../projections/maintenances.ts';
import { acceptChanges, type Command, type Rejection, reject } from '../command.ts';
import { changeable, changedMembers, textField } from '../fields.ts';
import { translationsField, withTranslations } from '../translations.ts';
import { move } from './states.ts';
import { byMember, maintenanceStream, unknownMaintenance } from './streams.ts';

/** A maintenance with more updates than this is most likely the result of a broken script. */
const MAX_UPDATES = 1_000;

const translations = translationsField({ message: textField }).exactOptional();

export const postUpdateInput = z
  .object({
    status: z.enum(MAINTENANCE_STATUSES).exactOptional().describe('Default: the status stays as it is'),
    message: textField.exactOptional(),
    translations,
  })
  .refine(({ status, message }) => status !== undefined || message !== undefined, {
    path: ['message'],
    error: 'is required where there is no status',
  });

export const editUpdateInput = z.object({ message: textField, translations });

interface Addressed {
  readonly id: string;
  readonly updateId: string;
}

export const postMaintenanceUpdate: Command<z.output<typeof postUpdateInput> & { id: string }> = {
  stream: ({ id }) => maintenanceStream(id),
  decide({ id, status, ...told }, { maintenances }, { viewer, newId }) {
    const maintenance = changeable(findMaintenance(maintenances, id), viewer);
    if (!maintenance) return unknownMaintenance(id);
    if (isOver(maintenance)) {
      return reject('wrong-state', `The maintenance is ${maintenance.status}; it takes no more updates.`);
    }
    if (maintenance.updates.length >= MAX_UPDATES) {
      return reject('too-many-updates', `A maintenance takes at most ${MAX_UPDATES} updates; plan a new one.`);
    }
    const moved = move(maintenance, status);
    if ('kind' in moved) return moved;
    const data = { updateId: newId(), status: status ?? maintenance.status, ...told };
    return acceptChanges(maintenance, byMember(id), [...moved, { type: 'maintenance.update-posted', data }]);
  },
};

export const editMaintenanceUpdate: Command<z.output<typeof editUpdateInput> & Addressed> = {
  stream: ({ id }) => maintenanceStream(id),
  decide({ id, updateId, message, translations }, { maintenances }, { viewer }) {
    const maintenance = changeable(findMaintenance(maintenances, id), viewer);
    const update = updateIn(maintenance, updateId);
    if (!maintenance || !update) return unknownUpdate({ id, updateId });
    const edited = withTranslations(
      changedMembers({ message: update.message ?? '' }, { message }),
      update.translations ?? null,
      translations,
    );
    const data = { message, ...edited, updateId };
    return acceptChanges(maintenance, byMember(id), edited ? [{ type: 'maintenance.update-edited', data }] : []);
  },
};

export const retractMaintenanceUpdate: Command<Addressed> = {
  stream: ({ id }) => maintenanceStream(id),
  decide({ id, updateId }, { maintenances }, { viewer }) {
    const maintenance = changeable(findMaintenance(maintenances, id), viewer);
    if (!maintenance || !updateIn(maintenance, updateId)) return unknownUpdate({ id, updateId });
    return acceptChanges(maintenance, byMember(id), [{ type: 'maintenance.update-retracted', data: { updateId } }]);
  },
};

function updateIn(maintenance: Maintenance | undefined, updateId: string): Maintenance['updates'][number] | undefined {
  return maintenance?.updates.find(({ id }) => id === updateId);
}

function unknownUpdate({ id, updateId }: Addressed): Rejection {
  return reject('not-found', `There is no update ${updateId} of a maintenance ${id}.`);
}
