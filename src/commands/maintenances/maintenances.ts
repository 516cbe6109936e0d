// Commands on maintenances: plan, update, delete, and what the clock does.
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { MAINTENANCE_STATUSES } from '../../../projections/events/severity.ts';
import { isOver, type Maintenance } from '../../../projections/maintenance.ts';
import { findMaintenance } from '../../../projections/maintenances.ts';
import { acceptChanges, type Change, type Command, type Rejection, reject } from '../command.ts';
import {
  changeable,
  changedMembers,
  nameField,
  placeFields,
  placeWithDefault,
  refuseMove,
  refuseNonMember,
  textField,
} from '../fields.ts';
import { translationsField, withTranslations } from '../translations.ts';
import { momentField, timeZoneField } from '../wall-clocks.ts';
import { affectedServicesField, guardsOfServices, resolveServices } from './affected-services.ts';
import { begunBy, dueChanges, move } from './states.ts';
import { byMember, maintenanceStream, unknownMaintenance } from './streams.ts';
import { changedWindow, plannedWindow, sameWindow, type Window } from './windows.ts';

const translations = translationsField({ title: nameField, description: textField }).exactOptional();

const timeZone = timeZoneField
  .exactOptional()
  .describe('The time zone of `startsAt` and `endsAt`, required where these have no offset');

export const planMaintenanceInput = z.object({
  title: nameField,
  description: textField.default(''),
  startsAt: momentField.describe('When it is to begin: with an offset, or a wall-clock time of `timeZone`'),
  endsAt: momentField.describe('When it is to end'),
  timeZone,
  affectedServices: affectedServicesField.default([]),
  autoStart: z.boolean().default(true).describe('Whether it begins by itself at `startsAt`'),
  autoEnd: z.boolean().default(true).describe('Whether it ends by itself at `endsAt`'),
  translations,
  ...placeFields,
});

export const updateMaintenanceInput = z.object({
  title: nameField.exactOptional(),
  description: textField.exactOptional(),
  status: z.enum(MAINTENANCE_STATUSES).exactOptional(),
  startsAt: momentField.exactOptional(),
  endsAt: momentField.exactOptional(),
  timeZone,
  affectedServices: affectedServicesField.exactOptional(),
  autoStart: z.boolean().exactOptional(),
  autoEnd: z.boolean().exactOptional(),
  translations,
  ...placeFields,
});

export const planMaintenance: Command<z.output<typeof planMaintenanceInput>> = {
  stream: () => undefined,
  decide(
    { organizationId, tenantId, startsAt, endsAt, timeZone, affectedServices, ...fields },
    { services },
    { viewer, now, newId },
  ) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const refusal = refuseNonMember(viewer, place);
    if (refusal) return refusal;
    const window = plannedWindow(startsAt, endsAt, timeZone);
    if ('kind' in window) return window;
    const affectedServiceIds = resolveServices(affectedServices, { services, viewer, ...place });
    if ('kind' in affectedServiceIds) return affectedServiceIds;
    const data = { ...fields, ...window, affectedServiceIds };
    return {
      kind: 'accepted',
      stream: maintenanceStream(newId()),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'member',
      guards: guardsOfServices(affectedServiceIds, services),
      events: [{ type: 'maintenance.planned', data } as const, ...begunBy(data, now)].map((change) => ({
        ...place,
        ...change,
      })),
    };
  },
};

type Update = z.output<typeof updateMaintenanceInput> & { readonly id: string };

export const updateMaintenance: Command<Update> = {
  stream: ({ id }) => maintenanceStream(id),
  decide(input, { maintenances, services }, { viewer, now }) {
    const maintenance = changeable(findMaintenance(maintenances, input.id), viewer);
    if (!maintenance) return unknownMaintenance(input.id);
    const refusal = refuseMove(maintenance, input);
    if (refusal) return refusal;
    const { organizationId, affectedServiceIds: known } = maintenance;
    const affected = resolveServices(input.affectedServices ?? known, { services, viewer, organizationId, known });
    if ('kind' in affected) return affected;
    const timing = changedTiming(maintenance, input);
    if ('kind' in timing) return timing;
    const retimed = retime(maintenance, timing);
    if ('kind' in retimed) return retimed;
    const moved = move(maintenance, input.status);
    if ('kind' in moved) return moved;
    const guards = guardsOfServices(affected, services, known);
    // A status that is set by hand stands: the clock looks at it afterwards.
    const due = moved.length > 0 ? [] : dueChanges({ ...maintenance, ...timing }, now);
    const changes = [...describe(maintenance, input), ...affect(maintenance, affected), ...retimed, ...moved, ...due];
    return acceptChanges(maintenance, { ...byMember(input.id), guards }, changes);
  },
};

function describe(maintenance: Maintenance, { title, description, translations }: Update): Change[] {
  const texts = { title: maintenance.title, description: maintenance.description };
  const changed = changedMembers(texts, { title, description });
  const data = withTranslations(changed, maintenance.translations, translations);
  return data ? [{ type: 'maintenance.described', data }] : [];
}

function affect({ affectedServiceIds: known }: Maintenance, affectedServiceIds: readonly string[]): Change[] {
  const isSame = isDeepStrictEqual(affectedServiceIds, known);
  return isSame ? [] : [{ type: 'maintenance.services-changed', data: { affectedServiceIds } }];
}

/** When it begins and ends, and whether by itself. */
type Timing = Window & Pick<Maintenance, 'autoStart' | 'autoEnd'>;

function changedTiming(maintenance: Maintenance, asked: Update): Timing | Rejection {
  const window = changedWindow(maintenance, asked, maintenance.timeZone);
  if ('kind' in window) return window;
  const { autoStart = maintenance.autoStart, autoEnd = maintenance.autoEnd } = asked;
  return { ...window, autoStart, autoEnd };
}

/** What it takes to change the timing. Rejected where what is to change is past. */
function retime(maintenance: Maintenance, { autoStart, autoEnd, ...window }: Timing): readonly Change[] | Rejection {
  const { startsAt, startedAt, status } = maintenance;
  const isMoved = !isDeepStrictEqual(window, sameWindow(maintenance));
  const automation = changedMembers(
    { autoStart: maintenance.autoStart, autoEnd: maintenance.autoEnd },
    { autoStart, autoEnd },
  );
  if (isOver(maintenance) && (isMoved || automation)) {
    return reject('wrong-state', `The maintenance is ${status}; its times cannot change any more.`);
  }
  if (startedAt !== null && window.startsAt !== startsAt) {
    const message = `The maintenance has begun at ${startedAt}; its start cannot be moved any more.`;
    return reject('wrong-state', message, '/startsAt');
  }
  return [
    ...(isMoved ? [{ type: 'maintenance.moved', data: window } as const] : []),
    ...(automation ? [{ type: 'maintenance.automation-changed', data: automation } as const] : []),
  ];
}

export const deleteMaintenance: Command<{ id: string }> = {
  stream: ({ id }) => maintenanceStream(id),
  decide({ id }, { maintenances }, { viewer }) {
    const maintenance = changeable(findMaintenance(maintenances, id), viewer);
    if (!maintenance) return unknownMaintenance(id);
    return acceptChanges(maintenance, byMember(id), [{ type: 'maintenance.deleted', data: {} }]);
  },
};
