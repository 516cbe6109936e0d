// Services: what may be asked of them, and what it leads to.
import { z } from 'zod';
import { selectService } from '../../projections/services.ts';
import { SERVICE_STATUSES } from '../../projections/severity.ts';
import { acceptChanges, type Change, type Command, type Rejection, reject } from './command.ts';
import { changedMembers, nameField, placeFields, placeMeant, refuseMove, textField } from './fields.ts';

export const createServiceInput = z.object({
  name: nameField,
  description: textField,
  status: z.enum(SERVICE_STATUSES).default('operational'),
  uptime: z.number().min(0).max(100).default(100),
  ...placeFields,
});

export const updateServiceInput = z.object({
  name: nameField.exactOptional(),
  description: textField.exactOptional(),
  status: z.enum(SERVICE_STATUSES).exactOptional(),
  uptime: z.number().min(0).max(100).exactOptional(),
  ...placeFields,
});

export const createService: Command<z.output<typeof createServiceInput>> = {
  stream: () => undefined,
  decide({ organizationId, tenantId, ...data }, _models, { newId }) {
    const place = placeMeant(organizationId, tenantId);
    return {
      kind: 'accepted',
      stream: serviceStream(newId()),
      expected: 'no-stream',
      organizationId: place.organizationId,
      events: [{ type: 'service.created', ...place, data }],
    };
  },
};

export const updateService: Command<z.output<typeof updateServiceInput> & { id: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide({ id, name, description, status, uptime, ...place }, { services }, { viewer }) {
    const service = selectService(services, viewer, id);
    if (!service) return unknown(id);
    const refusal = refuseMove(service, place);
    if (refusal) return refusal;
    const changes: Change[] = [];
    const described = changedMembers({ name: service.name, description: service.description }, { name, description });
    if (described) changes.push({ type: 'service.described', data: described });
    if (status !== undefined && status !== service.reportedStatus) {
      changes.push({ type: 'service.status-reported', data: { status } });
    }
    if (uptime !== undefined && uptime !== service.uptime) {
      changes.push({ type: 'service.uptime-reported', data: { uptime } });
    }
    return acceptChanges(service, serviceStream(id), changes);
  },
};

export const deleteService: Command<{ id: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide({ id }, { services }, { viewer }) {
    const service = selectService(services, viewer, id);
    if (!service) return unknown(id);
    return acceptChanges(service, serviceStream(id), [{ type: 'service.deleted', data: {} }]);
  },
};

function serviceStream(id: string): string {
  return `service-${id}`;
}

function unknown(id: string): Rejection {
  return reject('not-found', `There is no service ${id}.`);
}
