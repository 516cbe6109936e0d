// Commands on services: create, update, correct the history, delete.
import * as z from 'zod';
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
import { placing, serviceStream } from './placing.ts';
import { timeField } from './times.ts';
import { translationsField, withTranslations } from './translations.ts';

/** Corrections reach back to it, and are answered with every day that they change. */
const startDateField = timeField.refine((time) => time >= '1970-01-01', 'must not be before 1970');

/** What is set by admins: what the service is called, and how pages show it. */
const shownFields = {
  translations: translationsField({ name: nameField, description: textField }).exactOptional(),
  groupId: z.uuid().toLowerCase().nullable().exactOptional().describe('A group, at whose end it is placed; null: none'),
  startDate: startDateField.exactOptional().describe('From when on the service counts; by default from its creation'),
  showUptime: z.boolean().exactOptional().describe('Whether pages show its uptime'),
  onlyShowIfAffected: z.boolean().exactOptional().describe('Whether pages show it only while it is not operational'),
};

export const createServiceInput = z.object({
  name: nameField,
  description: textField,
  status: z.enum(SERVICE_STATUSES).default('operational'),
  uptime: z.number().min(0).max(100).default(100),
  ...shownFields,
  ...placeFields,
});

export const updateServiceInput = z
  .object({
    name: nameField.exactOptional(),
    description: textField.exactOptional(),
    status: z.enum(SERVICE_STATUSES).exactOptional(),
    at: timeField.exactOptional().describe('When the `status` in this body began, if not now'),
    uptime: z.number().min(0).max(100).exactOptional(),
    ...shownFields,
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
  decide(
    { organizationId, tenantId, groupId, showUptime, onlyShowIfAffected, ...data },
    { services },
    { viewer, now, newId },
  ) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const refusal = refuseNonMember(viewer, place) ?? refuseFuture(data.startDate, now, '/startDate');
    if (refusal) return refusal;
    const id = newId();
    const placed = placing(
      { id, origin: LAST, groupId: null, organizationId: place.organizationId },
      groupId,
      services,
    );
    if ('kind' in placed) return placed;
    const changes: Change[] = [
      { type: 'service.created', data },
      ...placed.changes,
      ...displayChanges({ showUptime: true, onlyShowIfAffected: false }, { showUptime, onlyShowIfAffected }),
    ];
    return {
      kind: 'accepted',
      stream: serviceStream(id),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'admin',
      events: changes.map((change) => ({ ...place, ...change })),
      also: placed.also,
      guards: placed.guards,
    };
  },
};

export const updateService: Command<z.output<typeof updateServiceInput> & { id: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide(asked, { services }, { viewer, now }) {
    const { id, at, startDate, groupId } = asked;
    const service = changeable(findService(services, id), viewer);
    if (!service) return unknown(id);
    const refusal =
      refuseMove(service, asked) ??
      refuseFuture(at, now, '/at') ??
      refuseFuture(startDate, now, '/startDate') ??
      refuseBeforeReport(service, at);
    if (refusal) return refusal;
    const placed = placing(service, groupId, services);
    if ('kind' in placed) return placed;
    const shown = [...shownChanges(service, asked), ...placed.changes];
    // People on call (`member`) report status and uptime; what the service is and where it stands takes an `admin`.
    const role = shown.length > 0 ? 'admin' : 'member';
    const accepted = acceptChanges(service, { stream: serviceStream(id), role, guards: placed.guards }, [
      ...shown,
      ...reports(service, asked),
    ]);
    return { ...accepted, also: placed.also };
  },
};

type Asked = z.output<typeof updateServiceInput>;

function shownChanges(service: Service, { name, description, translations, startDate, ...display }: Asked): Change[] {
  const texts = changedMembers({ name: service.name, description: service.description }, { name, description });
  const described = withTranslations(texts, service.translations, translations);
  const isMoved = startDate !== undefined && startDate !== service.startDate;
  return [
    ...(described ? [{ type: 'service.described', data: described } as const] : []),
    ...(isMoved ? [{ type: 'service.start-moved', data: { startDate } } as const] : []),
    ...displayChanges(service, display),
  ];
}

type Display = Pick<Service, 'showUptime' | 'onlyShowIfAffected'>;

function displayChanges(
  { showUptime, onlyShowIfAffected }: Display,
  asked: { readonly [K in keyof Display]?: boolean | undefined },
): Change[] {
  const requested = { showUptime: asked.showUptime, onlyShowIfAffected: asked.onlyShowIfAffected };
  const data = changedMembers({ showUptime, onlyShowIfAffected }, requested);
  return data ? [{ type: 'service.display-changed', data }] : [];
}

function reports(service: Service, { status, at, uptime }: Asked): Change[] {
  const isNewStatus = status !== undefined && status !== service.reportedStatus;
  const isNewUptime = uptime !== undefined && uptime !== service.uptime;
  return [
    ...(isNewStatus ? [{ type: 'service.status-reported', ...backDated(at), data: { status } } as const] : []),
    ...(isNewUptime ? [{ type: 'service.uptime-reported', data: { uptime } } as const] : []),
  ];
}

/** The place of a new service among its siblings, by creation. */
const LAST = Number.MAX_SAFE_INTEGER;

export const correctHistory: Command<z.output<typeof correctHistoryInput> & { id: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide({ id, ...correction }, { services }, { viewer, now, newId }) {
    const service = changeable(findService(services, id), viewer);
    if (!service) return unknown(id);
    const { from, to } = correction;
    const refusal =
      refuseFuture(from, now, '/from') ?? refuseFuture(to, now, '/to') ?? refuseBeforeService(service, from);
    if (refusal) return refusal;
    const data = { correctionId: newId(), ...correction };
    return acceptChanges(service, { stream: serviceStream(id), role: 'member' }, [
      { type: 'service.history-corrected', data },
    ]);
  },
};

export const withdrawCorrection: Command<{ id: string; correctionId: string }> = {
  stream: ({ id }) => serviceStream(id),
  decide({ id, correctionId }, { services, uptime }, { viewer }) {
    const service = changeable(findService(services, id), viewer);
    if (!service) return unknown(id);
    if (!uptime.services.get(id)?.correctionsById.has(correctionId)) {
      return reject('not-found', `The service has no correction ${correctionId}.`);
    }
    return acceptChanges(service, { stream: serviceStream(id), role: 'member' }, [
      { type: 'service.correction-withdrawn', data: { correctionId } },
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

/** Rejects a correction of the time before the service: before its creation, and before it counts. */
function refuseBeforeService({ createdAt, startDate }: Service, from: string): Rejection | undefined {
  const begin = startDate < createdAt ? startDate : createdAt;
  if (from >= begin) return undefined;
  return reject('out-of-order', `The service has no history before ${begin}.`, '/from');
}

function unknown(id: string): Rejection {
  return reject('not-found', `There is no service ${id}.`);
}
