// Commands on incidents: open, update, retract, delete.
import * as z from 'zod';
import { INCIDENT_IMPACTS, INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import { findIncident, type Incident } from '../../../projections/incidents.ts';
import type { NewEvent } from '../../log/commit.ts';
import { acceptChanges, type Change, type Command, type Rejection, reject } from '../command.ts';
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
  refusePast,
  textField,
} from '../fields.ts';
import { timeField } from '../times.ts';
import { translationsField, withTranslations } from '../translations.ts';
import {
  affectedServicesField,
  assess,
  guardsOf,
  impactsField,
  refuseImpacts,
  resolveServices,
  union,
} from './assessment.ts';
import { changedByMember, incidentStream, unknownIncident } from './stream.ts';

const translations = translationsField({ title: nameField, description: textField });

export const openIncidentInput = z
  .object({
    title: nameField,
    description: textField,
    translations: translations.exactOptional(),
    status: z.enum(INCIDENT_STATUSES).default('investigating'),
    impact: z.enum(INCIDENT_IMPACTS).default('minor'),
    affectedServices: affectedServicesField.default([]),
    impacts: impactsField.default({}),
    startedAt: timeField.exactOptional().describe('When the incident started, if not now'),
    resolvedAt: timeField.exactOptional().describe('When the incident ended, if it is over'),
    nextUpdateBy: timeField.exactOptional().describe('When the next update is promised'),
    ...placeFields,
  })
  .refine(({ startedAt, resolvedAt }) => resolvedAt === undefined || startedAt !== undefined, {
    path: ['startedAt'],
    error: 'is required with resolvedAt',
  })
  .refine(({ startedAt = '', resolvedAt }) => resolvedAt === undefined || resolvedAt >= startedAt, {
    path: ['resolvedAt'],
    error: 'must not be earlier than startedAt',
  });

export const updateIncidentInput = z.object({
  title: nameField.exactOptional(),
  description: textField.exactOptional(),
  translations: translations.exactOptional(),
  status: z.enum(INCIDENT_STATUSES).exactOptional(),
  impact: z.enum(INCIDENT_IMPACTS).exactOptional(),
  affectedServices: affectedServicesField.exactOptional(),
  impacts: impactsField.exactOptional(),
  startedAt: timeField.exactOptional().describe('When the incident started, as it is known now'),
  ...placeFields,
});

export const retractIncidentInput = z.object({
  reason: textField.exactOptional().describe('Why it was a mistake. The reason is public in the log'),
});

export const openIncident: Command<z.output<typeof openIncidentInput>> = {
  stream: () => undefined,
  decide({ organizationId, tenantId, startedAt, resolvedAt, ...fields }, { services }, { viewer, now, newId }) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const { impact, impacts } = fields;
    const refusal =
      refuseNonMember(viewer, place) ??
      refuseFuture(startedAt, now, '/startedAt') ??
      refuseFuture(resolvedAt, now, '/resolvedAt') ??
      refusePast(fields.nextUpdateBy, now, '/nextUpdateBy') ??
      refuseImpacts({ impacts, impact, organizationId: place.organizationId }, services);
    if (refusal) return refusal;
    const named = resolveServices(fields.affectedServices, services, viewer, place.organizationId);
    const affectedServiceIds = union(named, Object.keys(impacts));
    // An incident of the past was unresolved when it began, so that what it did to services has its real length.
    const status = resolvedAt !== undefined && fields.status === 'resolved' ? 'investigating' : fields.status;
    const opened: NewEvent<'incident.opened'> = {
      type: 'incident.opened',
      ...backDated(startedAt),
      ...place,
      data: { ...fields, status, affectedServiceIds },
    };
    const ended: NewEvent[] =
      resolvedAt === undefined
        ? []
        : [{ type: 'incident.status-changed', occurredAt: resolvedAt, ...place, data: { status: 'resolved' } }];
    return {
      kind: 'accepted',
      stream: incidentStream(newId()),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'member',
      guards: guardsOf(impacts, services),
      events: [opened, ...ended],
    };
  },
};

export const updateIncident: Command<z.output<typeof updateIncidentInput> & { id: string }> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id, title, description, translations, status, startedAt, ...asked }, { incidents, services }, context) {
    const { viewer, now } = context;
    const { impact, affectedServices, impacts, ...place } = asked;
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknownIncident(id);
    const { organizationId } = incident;
    const refusal =
      refuseMove(incident, place) ??
      refuseFuture(startedAt, now, '/startedAt') ??
      refuseLateStart(incident, startedAt) ??
      refuseImpacts({ impacts, impact: impact ?? incident.impact, organizationId, known: incident.impacts }, services);
    if (refusal) return refusal;
    const named = affectedServices && resolveServices(affectedServices, services, viewer, organizationId);
    const changes: Change[] = [];
    const retold = changedMembers({ title: incident.title, description: incident.description }, { title, description });
    const described = withTranslations(retold, incident.translations, translations);
    if (described) changes.push({ type: 'incident.described', data: described });
    const assessed = assess(incident, { impact, affectedServices, impacts }, named);
    if (assessed) changes.push({ type: 'incident.assessed', data: assessed });
    if (startedAt !== undefined && startedAt !== incident.startedAt) {
      changes.push({ type: 'incident.start-moved', data: { startedAt } });
    }
    if (status !== undefined && status !== incident.status) {
      changes.push({ type: 'incident.status-changed', data: { status } });
    }
    const guards = guardsOf(impacts, services, incident.impacts);
    return acceptChanges(incident, { ...changedByMember(id), guards }, changes);
  },
};

export const retractIncident: Command<z.output<typeof retractIncidentInput> & { id: string }> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id, ...data }, { incidents }, { viewer }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknownIncident(id);
    return acceptChanges(incident, changedByMember(id), [{ type: 'incident.retracted', data }]);
  },
};

export const deleteIncident: Command<{ id: string }> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id }, { incidents }, { viewer }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknownIncident(id);
    return acceptChanges(incident, changedByMember(id), [{ type: 'incident.deleted', data: {} }]);
  },
};

/** Rejects a start that is later than what happened first in the incident. */
function refuseLateStart(incident: Incident, startedAt: string | undefined): Rejection | undefined {
  const first = firstSince(incident);
  if (startedAt === undefined || first === undefined || startedAt <= first) return undefined;
  return reject('out-of-order', `The incident went on at ${first}; it cannot start later than that.`, '/startedAt');
}

/** When the first update or change of status since the start happened. */
function firstSince({ course }: Incident): string | undefined {
  const later = course.slice(1).filter(({ status, updateId }) => status !== undefined || updateId !== undefined);
  return later.map(({ source }) => source.happenedAt).sort()[0];
}
