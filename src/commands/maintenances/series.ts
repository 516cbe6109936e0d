// Commands on series of maintenance: plan, update, end.
import * as z from 'zod';
import type { Local } from '../../../projections/events/maintenance.ts';
import { countSeries, findSeries, type Series } from '../../../projections/series.ts';
import { wallClockAt } from '../../../projections/state/zones.ts';
import { type Acceptance, acceptChanges, type Command, type Rejection, reject } from '../command.ts';
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
import { refuseAboveQuota } from '../quotas.ts';
import { translationsField, withTranslations } from '../translations.ts';
import { instantOf, momentField, type PlannedMoment, timeZoneField } from '../wall-clocks.ts';
import { affectedServicesField, guardsOfServices, resolveServices } from './affected-services.ts';
import { planMaintenance, planMaintenanceInput } from './maintenances.ts';
import { alignOccurrences, type Planned, planOccurrence } from './occurrences.ts';
import { hitsItsStart, isTooLong, nextOccurrences, recurrenceField, type Schedule } from './recurrence.ts';
import { seriesStream, unknownSeries } from './streams.ts';

const exceptionsField = z.array(z.iso.date()).max(1_000).describe('Local dates on which there is no occurrence');

const recurrence = recurrenceField.describe('A rule of RFC 5545, like FREQ=WEEKLY;BYDAY=TU: then this is a series');

/** A maintenance, or with a recurrence a series. */
export const planInput = planMaintenanceInput
  .extend({ recurrence: recurrence.exactOptional(), exceptions: exceptionsField.exactOptional() })
  .refine(({ recurrence: rrule, exceptions }) => rrule !== undefined || exceptions === undefined, {
    path: ['exceptions'],
    error: 'requires recurrence',
  });

/** Plans a maintenance, or with a recurrence a series. */
export const plan: Command<z.output<typeof planInput>> = {
  stream: () => undefined,
  decide: ({ recurrence: rrule, exceptions = [], ...fields }, models, context) =>
    rrule === undefined
      ? planMaintenance.decide(fields, models, context)
      : planSeries.decide({ ...fields, recurrence: rrule, exceptions }, models, context),
};

type PlanSeries = z.output<typeof planMaintenanceInput> & {
  readonly recurrence: string;
  readonly exceptions: readonly string[];
};

export const updateSeriesInput = z.object({
  title: nameField.exactOptional(),
  description: textField.exactOptional(),
  startsAt: momentField.exactOptional().describe('When the first occurrence is to begin'),
  endsAt: momentField.exactOptional(),
  timeZone: timeZoneField.exactOptional(),
  recurrence: recurrence.exactOptional(),
  exceptions: exceptionsField.exactOptional(),
  affectedServices: affectedServicesField.exactOptional(),
  autoStart: z.boolean().exactOptional(),
  autoEnd: z.boolean().exactOptional(),
  translations: translationsField({ title: nameField, description: textField }).exactOptional(),
  ...placeFields,
});

/** Plans a series together with its first occurrence. */
const planSeries: Command<PlanSeries> = {
  stream: () => undefined,
  decide(
    { organizationId, tenantId, startsAt, endsAt, timeZone, recurrence: rrule, affectedServices, ...fields },
    { services, maintenances, ...models },
    { viewer, now, newId },
  ) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const refusal =
      refuseNonMember(viewer, place) ??
      refuseAboveQuota('series', countSeries(models['maintenance-series'], place.organizationId));
    if (refusal) return refusal;
    const unzoned = timeZone === undefined ? refuseWallClocks({ startsAt, endsAt }) : undefined;
    if (unzoned) return unzoned;
    const zone = timeZone ?? maintenances.zones.get(place.organizationId) ?? 'UTC';
    const local = localOf(startsAt, endsAt, zone);
    if ('kind' in local) return local;
    const affectedServiceIds = resolveServices(affectedServices, { services, viewer, ...place });
    if ('kind' in affectedServiceIds) return affectedServiceIds;
    const data = { ...fields, rrule, local, affectedServiceIds };
    const unplannable = refuseSchedule(data, now);
    if (unplannable) return unplannable;
    const id = newId();
    const first = nextOccurrences(data, now, 1).map((each) => planOccurrence({ ...data, ...place, id }, each, now));
    return {
      kind: 'accepted',
      stream: seriesStream(id),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'member',
      guards: guardsOfServices(affectedServiceIds, services),
      events: [{ type: 'series.planned', ...place, data }],
      also: first,
    };
  },
};

/** Rejects wall clocks of which nobody says in which zone they are. */
function refuseWallClocks(moments: Readonly<Record<'startsAt' | 'endsAt', PlannedMoment>>): Rejection | undefined {
  for (const end of ['startsAt', 'endsAt'] as const) {
    const instant = instantOf(moments[end], undefined, `/${end}`);
    if (typeof instant !== 'string') return instant;
  }
  return undefined;
}

/** The wall clocks between two moments. A skipped or repeated one is no problem here: a rule has its own way with these. */
function localOf(start: PlannedMoment, end: PlannedMoment, timeZone: string): Local | Rejection {
  const clockOf = (moment: PlannedMoment) =>
    'wallClock' in moment ? moment.wallClock : wallClockAt(moment.instant, timeZone);
  const [startsAt, endsAt] = [clockOf(start), clockOf(end)];
  if (endsAt > startsAt) return { startsAt, endsAt, timeZone };
  return reject('invalid-request', `The end, ${endsAt}, must be after the start, ${startsAt}.`, '/endsAt');
}

function refuseSchedule(schedule: Schedule, now: string): Rejection | undefined {
  const { rrule, local } = schedule;
  if (isTooLong(local)) {
    return reject('invalid-request', 'A maintenance of a series lasts at most 90 days.', '/endsAt');
  }
  if (!hitsItsStart(schedule)) {
    return reject('invalid-request', `The rule ${rrule} does not hit ${local.startsAt.slice(0, 10)}.`, '/startsAt');
  }
  if (nextOccurrences(schedule, now, 1).length > 0) return undefined;
  return reject('invalid-request', `The rule ${rrule} has no occurrence to come.`, '/recurrence');
}

type Update = z.output<typeof updateSeriesInput> & { readonly id: string };

export const updateSeries: Command<Update> = {
  stream: ({ id }) => seriesStream(id),
  decide(input, { services, maintenances, ...models }, { viewer, now }) {
    const series = changeable(findSeries(models['maintenance-series'], input.id), viewer);
    if (!series) return unknownSeries(input.id);
    const refusal = refuseMove(series, input);
    if (refusal) return refusal;
    const local = changedLocal(series.local, input);
    if ('kind' in local) return local;
    const { organizationId, affectedServiceIds: known } = series;
    const affected = resolveServices(input.affectedServices ?? known, { services, viewer, organizationId, known });
    if ('kind' in affected) return affected;
    const { title, description, autoStart, autoEnd, exceptions, recurrence: rrule, translations } = input;
    const asked = { rrule, local, exceptions, title, description, affectedServiceIds: affected, autoStart, autoEnd };
    const changes = withTranslations(changedMembers(asMembers(series), asked), series.translations, translations);
    if (!changes) return acceptChanges(series, byMemberOf(series), []);
    // A text that changes without its translations loses them.
    const isText = 'title' in changes || 'description' in changes;
    const after: Planned = { ...series, ...(isText ? { translations: null } : {}), ...changes };
    const unplannable = 'rrule' in changes || 'local' in changes ? refuseSchedule(after, now) : undefined;
    if (unplannable) return unplannable;
    return {
      ...acceptChanges(series, { ...byMemberOf(series), guards: guardsOfServices(affected, services, known) }, [
        { type: 'series.changed', data: changes },
      ]),
      also: alignOccurrences(maintenances, series.id, after),
    };
  },
};

function asMembers({ rrule, local, exceptions, title, description, affectedServiceIds, autoStart, autoEnd }: Series) {
  return { rrule, local, exceptions, title, description, affectedServiceIds, autoStart, autoEnd };
}

/** The wall clocks with what a request changes of them. */
function changedLocal(current: Local, { startsAt, endsAt, timeZone = current.timeZone }: Update): Local | Rejection {
  const kept = (wallClock: string): PlannedMoment => ({ wallClock });
  return localOf(startsAt ?? kept(current.startsAt), endsAt ?? kept(current.endsAt), timeZone);
}

/** Ends a series, and cancels what was scheduled of it. What somebody changed by hand stays. */
export const endSeries: Command<{ id: string }> = {
  stream: ({ id }) => seriesStream(id),
  decide({ id }, { maintenances, ...models }, { viewer }) {
    const series = changeable(findSeries(models['maintenance-series'], id), viewer);
    if (!series) return unknownSeries(id);
    return {
      ...acceptChanges(series, byMemberOf(series), [{ type: 'series.ended', data: {} }]),
      also: alignOccurrences(maintenances, id, undefined),
    };
  },
};

function byMemberOf({ id }: Series): Pick<Acceptance, 'stream' | 'role'> {
  return { stream: seriesStream(id), role: 'member' };
}
