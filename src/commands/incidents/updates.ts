// Commands on the updates of an incident: post, edit, retract.
import * as z from 'zod';
import { INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import type { IncidentUpdate } from '../../../projections/incident/updates.ts';
import { findIncident, type Incident } from '../../../projections/incidents.ts';
import { acceptChanges, type Command, type Rejection, reject } from '../command.ts';
import { backDated, changeable, isSame, refuseFuture, refusePast, textField } from '../fields.ts';
import { timeField } from '../times.ts';
import { translationsField, withTranslations } from '../translations.ts';
import { guardsOf, impactsField, refuseImpacts } from './assessment.ts';
import { changedByMember, incidentStream, unknownIncident } from './stream.ts';

/** An incident with more updates than this is most likely the result of a broken script. */
const MAX_UPDATES = 1_000;

const translations = translationsField({ message: textField });

export const postUpdateInput = z.object({
  status: z.enum(INCIDENT_STATUSES),
  message: textField,
  translations: translations.exactOptional(),
  impacts: impactsField.exactOptional(),
  nextUpdateBy: timeField.exactOptional().describe('When the next update is promised'),
  at: timeField.exactOptional().describe('When the update happened, if not now'),
});

export const editUpdateInput = z.object({ message: textField, translations: translations.exactOptional() });

/** An update of an incident. */
interface UpdateId {
  readonly id: string;
  readonly updateId: string;
}

export const postUpdate: Command<z.output<typeof postUpdateInput> & { id: string }> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id, at, ...said }, { incidents, services }, { viewer, now, newId }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknownIncident(id);
    const { impacts, nextUpdateBy } = said;
    const { organizationId, impact, impacts: known } = incident;
    const refusal =
      refuseFuture(at, now, '/at') ??
      refuseBeforeStart(incident, at) ??
      refusePast(nextUpdateBy, now, '/nextUpdateBy') ??
      refuseImpacts({ impacts, impact, organizationId, known }, services);
    if (refusal) return refusal;
    if (incident.updates.length >= MAX_UPDATES) {
      return reject('too-many-updates', `An incident takes at most ${MAX_UPDATES} updates; open a new one.`);
    }
    const updateId = newId();
    if (at !== undefined && at < incident.movedAt) {
      const { impacts: _now, nextUpdateBy: _later, ...told } = said;
      return (
        refuseLate(incident, said) ??
        acceptChanges(incident, changedByMember(id), [
          { type: 'incident.update-backfilled', ...backDated(at), data: { updateId, ...told } },
        ])
      );
    }
    const guards = guardsOf(impacts, services, known);
    return acceptChanges(incident, { ...changedByMember(id), guards }, [
      { type: 'incident.update-posted', ...backDated(at), data: { updateId, ...said } },
    ]);
  },
};

export const editUpdate: Command<z.output<typeof editUpdateInput> & UpdateId> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id, updateId, message, translations }, { incidents }, { viewer }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    const update = incident && findUpdate(incident, updateId);
    if (!update) return incident ? unknownUpdate(updateId) : unknownIncident(id);
    const retold = isSame(message, update.message) ? undefined : { message };
    const edited = withTranslations(retold, update.translations ?? null, translations);
    if (!edited) return acceptChanges(incident, changedByMember(id), []);
    return acceptChanges(incident, changedByMember(id), [
      { type: 'incident.update-edited', data: { updateId, message, ...edited } },
    ]);
  },
};

export const retractUpdate: Command<UpdateId> = {
  stream: ({ id }) => incidentStream(id),
  decide({ id, updateId }, { incidents }, { viewer }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknownIncident(id);
    if (!findUpdate(incident, updateId)) return unknownUpdate(updateId);
    return acceptChanges(incident, changedByMember(id), [{ type: 'incident.update-retracted', data: { updateId } }]);
  },
};

function findUpdate({ updates }: Incident, updateId: string): IncidentUpdate | undefined {
  return updates.find(({ id }) => id === updateId);
}

/** Rejects an update that is dated before the start of its incident. */
function refuseBeforeStart({ startedAt }: Incident, at: string | undefined): Rejection | undefined {
  if (at === undefined || at >= startedAt) return undefined;
  return reject('out-of-order', `The incident started at ${startedAt}; an update cannot be earlier than that.`, '/at');
}

/** Rejects what an update from before the latest change of status cannot set: that change stays in effect. */
function refuseLate(
  { status, movedAt, impacts: current }: Incident,
  { impacts = current, nextUpdateBy }: z.output<typeof postUpdateInput>,
): Rejection | undefined {
  const moved = `The incident has been ${status} since ${movedAt}`;
  if (!isSame(impacts, current)) {
    return reject('out-of-order', `${moved}; an earlier update cannot change its impacts.`, '/impacts');
  }
  if (nextUpdateBy === undefined) return undefined;
  return reject('out-of-order', `${moved}; an earlier update cannot promise the next one.`, '/nextUpdateBy');
}

function unknownUpdate(updateId: string): Rejection {
  return reject('not-found', `The incident has no update ${updateId}.`);
}
