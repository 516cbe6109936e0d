// Commands on services: create, update, correct the history, delete.
import { z } from 'zod';
import { SERVICE_STATUSES } from '../../projections/events/severity.ts';
import type { Service } from '../../projections/service.ts';
import { findService } from '../../projections/services.ts';
import { acceptChanges, type Change, type Command, type Rejection, reject } from './command.ts';
import {
  backDated,
  changeable,
  changedMembers,
  nameField,
  placeFields,
  placeWithDefault,
  refuseFuture,
  refuseMove,
  refuseNonMember,
  textField,
} from './fields.ts';
import { timeField } from './times.ts';

export const createServiceInput = z.object({
  name: nameField,
  description: textField,
  status: z.enum(SERVICE_STATUSES).default('operational'),
  uptime: z.number().min(0).max(100).default(100),
  ...placeFields,
});

export const updateServiceInput = z
  .object({
    name: nameField.exactOptional(),
    description: textField.exactOptional(),
    status: z.enum(SERVICE_STATUSES).exactOptional(),
    at: timeField.exactOptional().describe('When the `status` in this body began, if not now'),
    uptime: z.number().min(0).max(100).exactOptional(),
    ...placeFields,
  })
  .refine(({ at, status }) => at === undefined || status !== undefined, {
    path: ['at'],
    error: 'requires status: it is the time when that status began',
  });

export const correctHistoryInput = z
  .object({
    from: timeField.describe('Start of the interval'),
    to: timeField.describe('End of the interval (exclusive)'),
    status: z.enum(SERVICE_STATUSES),
    reason: textField,
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be later than from' });

export const createService: Command<z.output<typeof createServiceInput>> = {
  stream: () => undefined,
  decide({ organizationId, tenantId, ...data }, _models, { viewer, newId }) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const refusal = refuseNonMember(viewer, place);
    if (refusal) return refusal;
    return {
      kind: 'accepted',
      stream: serviceStream(newId()),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'admin',
      events: [{ type: 'service.created', ...place, data }],
    };
  },
};

export const updateService: Command<z.output<typeof updateServiceInput> & { id: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide({ id, name, description, status, at, uptime, ...place }, { services }, { viewer, now }) {
    const service = changeable(findService(services, id), viewer);
    if (!service) return unknown(id);
    const refusal = refuseMove(service, place) ?? refuseFuture(at, now, '/at') ?? refuseBeforeReport(service, at);
    if (refusal) return refusal;
    const changes: Change[] = [];
    const described = changedMembers({ name: service.name, description: service.description }, { name, description });
    if (described) changes.push({ type: 'service.described', data: described });
    if (status !== undefined && status !== service.reportedStatus) {
      changes.push({ type: 'service.status-reported', ...backDated(at), data: { status } });
    }
    if (uptime !== undefined && uptime !== service.uptime) {
      changes.push({ type: 'service.uptime-reported', data: { uptime } });
    }
    // People on call (`member`) report status and uptime; renaming or describing a service takes an `admin`.
    const role = described ? 'admin' : 'member';
    return acceptChanges(service, { stream: serviceStream(id), role }, changes);
  },
};

export const correctHistory: Command<z.output<typeof correctHistoryInput> & { id: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide({ id, ...correction }, { services }, { viewer, now, newId }) {
    const service = changeable(findService(services, id), viewer);
    if (!service) return unknown(id);
    const { from, to } = correction;
    const refusal =
      refuseFuture(from, now, '/from') ?? refuseFuture(to, now, '/to') ?? refuseBeforeCreation(service, from);
    if (refusal) return refusal;
    const data = { correctionId: newId(), ...correction };
    return acceptChanges(service, { stream: serviceStream(id), role: 'member' }, [
      { type: 'service.history-corrected', data },
    ]);
  },
};

export const deleteService: Command<{ id: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide({ id }, { services }, { viewer }) {
    const service = changeable(findService(services, id), viewer);
    if (!service) return unknown(id);
    return acceptChanges(service, { stream: serviceStream(id), role: 'admin' }, [
      { type: 'service.deleted', data: {} },
    ]);
  },
};

/** Rejects a status dated before the latest report: only a newer report can change the current status. */
function refuseBeforeReport({ reportedStatus, reportedSince }: Service, at: string | undefined): Rejection | undefined {
  if (at === undefined || at >= reportedSince) return undefined;
  const since = `The service has been reported as ${reportedStatus} since ${reportedSince}`;
  return reject('out-of-order', `${since}; post a correction for the time before that.`, '/at');
}

function refuseBeforeCreation({ createdAt }: Service, from: string): Rejection | undefined {
  if (from >= createdAt) return undefined;
  return reject('out-of-order', `The service was created at ${createdAt}; it has no history before that.`, '/from');
}

/** The stream of the service with this id. */
export function serviceStream(id: string): string {
  return `service-${id}`;
}

function unknown(id: string): Rejection {
  return reject('not-found', `There is no service ${id}.`);
}
