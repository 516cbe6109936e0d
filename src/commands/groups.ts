// Commands on groups of services: create, update, delete.
import * as z from 'zod';
import { GROUP_DISPLAYS } from '../../projections/events/group.ts';
import { findGroup } from '../../projections/groups.ts';
import { acceptChanges, type Change, type Command, type Rejection, reject } from './command.ts';
import {
  changeable,
  changedMembers,
  nameField,
  optionalTextField,
  placeFields,
  placeWithDefault,
  refuseMove,
  refuseNonMember,
} from './fields.ts';
import { groupStream } from './placing.ts';
import { translationsField, withTranslations } from './translations.ts';

const fields = {
  name: nameField,
  description: optionalTextField,
  display: z
    .enum(GROUP_DISPLAYS)
    .describe('Whether pages open the group: always, never unless a service is affected, or only while one is'),
  translations: translationsField({ name: nameField, description: optionalTextField }).exactOptional(),
};

export const createGroupInput = z.object({
  ...fields,
  description: fields.description.default(''),
  display: fields.display.default('expanded'),
  ...placeFields,
});

export const updateGroupInput = z.object({
  ...fields,
  name: fields.name.exactOptional(),
  description: fields.description.exactOptional(),
  display: fields.display.exactOptional(),
  ...placeFields,
});

export const createGroup: Command<z.output<typeof createGroupInput>> = {
  stream: () => undefined,
  decide({ organizationId, tenantId, ...data }, _models, { viewer, newId }) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const refusal = refuseNonMember(viewer, place);
    if (refusal) return refusal;
    return {
      kind: 'accepted',
      stream: groupStream(newId()),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'admin',
      events: [{ type: 'group.created', ...place, data }],
    };
  },
};

export const updateGroup: Command<z.output<typeof updateGroupInput> & { id: string }> = {
  stream: ({ id }) => groupStream(id),
  decide({ id, name, description, display, translations, ...place }, { services }, { viewer }) {
    const group = changeable(findGroup(services, id), viewer);
    if (!group) return unknown(id);
    const refusal = refuseMove(group, place);
    if (refusal) return refusal;
    const texts = changedMembers({ name: group.name, description: group.description }, { name, description });
    const described = {
      ...withTranslations(texts, group.translations, translations),
      ...changedMembers({ display: group.display }, { display }),
    };
    const changes: Change[] = Object.keys(described).length === 0 ? [] : [{ type: 'group.described', data: described }];
    return acceptChanges(group, { stream: groupStream(id), role: 'admin' }, changes);
  },
};

/** Leaves the services of the group without one. */
export const deleteGroup: Command<{ id: string }> = {
  stream: ({ id }) => groupStream(id),
  decide({ id }, { services }, { viewer }) {
    const group = changeable(findGroup(services, id), viewer);
    if (!group) return unknown(id);
    return acceptChanges(group, { stream: groupStream(id), role: 'admin' }, [{ type: 'group.deleted', data: {} }]);
  },
};

function unknown(id: string): Rejection {
  return reject('not-found', `There is no group ${id}.`);
}
