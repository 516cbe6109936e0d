// Commands on incidents: open, update, post an update, delete.
import { z } from 'zod';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import { findIncident, type Incident } from '../../../projections/incidents.ts';
import { findService, type ServicesState, selectNamedServices } from '../../../projections/services.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Guard } from '../../log/commit.ts';
import { type Acceptance, acceptChanges, type Change, type Command, type Rejection, reject } from '../command.ts';
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
} from '../fields.ts';
import { serviceStream } from '../services.ts';
import { timeField } from '../times.ts';

/** An incident with more updates than this is most likely the result of a broken script. */
const MAX_UPDATES = 1_000;

const affectedServices = z.array(nameField).max(100);
const impacts = z
  .record(z.uuid(), z.enum(CLAIMED_STATUSES))
  .refine((claims) => Object.keys(claims).length <= 100, 'must name no more than 100 services');

export const openIncidentInput = z.object({
  title: nameField,
  description: textField,
  status: z.enum(INCIDENT_STATUSES).default('investigating'),
  impact: z.enum(INCIDENT_IMPACTS).default('minor'),
  affectedServices: affectedServices.default([]),
  impacts: impacts.default({}),
  startedAt: timeField.exactOptional().describe('When the incident started, if not now'),
  ...placeFields,
});

export const updateIncidentInput = z.object({
  title: nameField.exactOptional(),
  description: textField.exactOptional(),
  status: z.enum(INCIDENT_STATUSES).exactOptional(),
  impact: z.enum(INCIDENT_IMPACTS).exactOptional(),
  affectedServices: affectedServices.exactOptional(),
  impacts: impacts.exactOptional(),
  ...placeFields,
});

export const postUpdateInput = z.object({
  status: z.enum(INCIDENT_STATUSES),
  message: textField,
  impacts: impacts.exactOptional(),
  at: timeField.exactOptional().describe('When the update happened, if not now'),
});

export const openIncident: Command<z.output<typeof openIncidentInput>> = {
  stream: () => undefined,
  decide({ organizationId, tenantId, startedAt, ...fields }, { services }, { viewer, now, newId }) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const refusal =
      refuseNonMember(viewer, place) ??
      refuseFuture(startedAt, now, '/startedAt') ??
      refuseUnknownServices(fields.impacts, services, place.organizationId);
    if (refusal) return refusal;
    const affectedServiceIds = union(
      resolveServices(fields.affectedServices, services, viewer, place.organizationId),
      Object.keys(fields.impacts),
    );
    return {
      kind: 'accepted',
      stream: incidentStream(newId()),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'member',
      guards: guardsOf(fields.impacts, services),
      events: [{ type: 'incident.opened', ...backDated(startedAt), ...place, data: { ...fields, affectedServiceIds } }],
    };
  },
};

export const updateIncident: Command<z.output<typeof updateIncidentInput> & { id: string }> = {
  stream: ({ id }) => incidentStream(id),
  decide(
    { id, title, description, status, impact, affectedServices, impacts, ...place },
    { incidents, services },
    { viewer },
  ) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknown(id);
    const refusal =
      refuseMove(incident, place) ??
      refuseUnknownServices(impacts, services, incident.organizationId, incident.impacts);
    if (refusal) return refusal;
    const changes: Change[] = [];
    const described = changedMembers(
      { title: incident.title, description: incident.description },
      { title, description },
    );
    if (described) changes.push({ type: 'incident.described', data: described });
    const named = affectedServices && resolveServices(affectedServices, services, viewer, incident.organizationId);
    const assessed = assess(incident, { impact, affectedServices, impacts }, named);
    if (assessed) changes.push({ type: 'incident.assessed', data: assessed });
    if (status !== undefined && status !== incident.status) {
      changes.push({ type: 'incident.status-changed', data: { status } });
    }
    const guards = guardsOf(impacts, services, incident.impacts);
    return acceptChanges(incident, { ...changedByMember(id), guards }, changes);
  },
};

export const postUpdate: Command<z.output<typeof postUpdateInput> & { id: string }> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id, status, message, impacts, at }, { incidents, services }, { viewer, now, newId }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknown(id);
    const refusal =
      refuseFuture(at, now, '/at') ??
      refuseBeforeStart(incident, at) ??
      refuseUnknownServices(impacts, services, incident.organizationId, incident.impacts);
    if (refusal) return refusal;
    if (incident.updates.length >= MAX_UPDATES) {
      return reject('too-many-updates', `An incident takes at most ${MAX_UPDATES} updates; open a new one.`);
    }
    const assessed = assess(incident, { impacts });
    const update = { ...backDated(at), data: { updateId: newId(), status, message } };
    if (at !== undefined && at < incident.movedAt) {
      // The later status change stays in effect: an update from before it cannot set the current status or impacts.
      if (assessed) return rejectLateImpacts(incident);
      return acceptChanges(incident, changedByMember(id), [{ type: 'incident.update-backfilled', ...update }]);
    }
    const changes: Change[] = [];
    if (assessed) changes.push({ type: 'incident.assessed', ...backDated(at), data: assessed });
    changes.push({ type: 'incident.update-posted', ...update });
    const guards = guardsOf(impacts, services, incident.impacts);
    return acceptChanges(incident, { ...changedByMember(id), guards }, changes);
  },
};

export const deleteIncident: Command<{ id: string }> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id }, { incidents }, { viewer }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknown(id);
    return acceptChanges(incident, changedByMember(id), [{ type: 'incident.deleted', data: {} }]);
  },
};

type Assessment = Pick<Incident, 'impact' | 'affectedServices' | 'affectedServiceIds' | 'impacts'>;

/** The changes of an incident's assessment. A service in `impacts` always counts as affected. */
function assess(
  incident: Incident,
  asked: { readonly [K in keyof Assessment]?: Assessment[K] | undefined },
  named: readonly string[] = incident.affectedServiceIds,
): Partial<Assessment> | undefined {
  const { impact, affectedServices, affectedServiceIds, impacts } = incident;
  return changedMembers(
    { impact, affectedServices, affectedServiceIds, impacts },
    { ...asked, affectedServiceIds: union(named, Object.keys(asked.impacts ?? impacts)) },
  );
}

/** Ids of the organisation's services that match one of the names or ids. A name without a match adds no id. */
function resolveServices(
  names: readonly string[],
  services: ServicesState,
  viewer: Viewer,
  organizationId: string,
): string[] {
  return selectNamedServices(services, viewer, organizationId, names).map(({ id }) => id);
}

/** Rejects an update that is dated before the start of its incident. */
function refuseBeforeStart({ createdAt }: Incident, at: string | undefined): Rejection | undefined {
  if (at === undefined || at >= createdAt) return undefined;
  return reject('out-of-order', `The incident started at ${createdAt}; an update cannot be earlier than that.`, '/at');
}

function rejectLateImpacts({ status, movedAt }: Incident): Rejection {
  const moved = `The incident has been ${status} since ${movedAt}`;
  return reject('out-of-order', `${moved}; an earlier update cannot change its impacts.`, '/impacts');
}

/** Rejects impacts that add a service that the incident's organisation does not have. */
function refuseUnknownServices(
  impacts: Incident['impacts'] = {},
  services: ServicesState,
  organizationId: string,
  known?: Incident['impacts'],
): Rejection | undefined {
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
function guardsOf(impacts: Incident['impacts'] = {}, services: ServicesState, known?: Incident['impacts']): Guard[] {
  return newlyNamed(impacts, known).flatMap((id) => {
    const service = findService(services, id);
    return service ? { stream: serviceStream(id), expected: service.version } : [];
  });
}

function newlyNamed(impacts: Incident['impacts'], known: Incident['impacts'] = {}): string[] {
  return Object.keys(impacts).filter((id) => known[id] === undefined);
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}

/** The stream of an incident, which callers with the role `member` can change. */
function changedByMember(id: string): Pick<Acceptance, 'stream' | 'role'> {
  return { stream: incidentStream(id), role: 'member' };
}

function incidentStream(id: string): string {
  return `incident-${id}`;
}

function unknown(id: string): Rejection {
  return reject('not-found', `There is no incident ${id}.`);
}
