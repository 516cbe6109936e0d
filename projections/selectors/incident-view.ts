// The page of one incident: its updates, its steps, what it did to which service since when, and its postmortem.
import { type ShownIncident, selectIncident, showIncident } from '../incidents.ts';
import { secondOf } from '../uptime/seconds.ts';
import type { UptimeMoment } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { type DayRibbon, drawRibbon, nextStepOf } from './day-ribbon.ts';
import { momentsBeforeEdits } from './edits.ts';
import { type AffectedSpan, courseOfIncident, type IncidentCourse } from './incident-course.ts';
import { inLanguage } from './localized.ts';
import { type NamedService, namedServices } from './named-services.ts';
import { type EntityAsked, frameOf, listPage, type PageFrame, type PageModels } from './page-frame.ts';
import { holdsUntil } from './page-validity.ts';

/** A service as an incident affects it, with its name; without one if it was deleted. */
export interface AffectedService extends AffectedSpan {
  readonly name: string | null;
}

export interface IncidentView extends Omit<IncidentCourse, 'affected'> {
  readonly frame: PageFrame;
  readonly incident: ShownIncident;
  /** In the order in which it named them. */
  readonly affected: readonly AffectedService[];
  /** Those that it names without giving them a status. */
  readonly mentioned: readonly NamedService[];
  /**
   * The hours of the present day, or of the one on which it began once it is resolved: of all services that it affects or
   * mentions. `null` without any.
   */
  readonly ribbon: DayRibbon | null;
  /** How many services of the page it does not affect. */
  readonly unaffected: number;
  /** How long after it began it was first reported, in seconds; 0 if it was at once. */
  readonly reportedAfter: number;
  /** The positions of its first and of its last event. */
  readonly records: { readonly first: number; readonly last: number };
  /** By the id of an edited update: the last moment before the edit. */
  readonly beforeEdit: Readonly<Record<string, string>>;
  /** Until when the page stays as it is if nothing happens; `null` if it is about the past. */
  readonly validUntil: string | null;
}

/** `undefined` if the organisation has no such incident that the viewer may see. */
export function selectIncidentView(
  models: PageModels,
  viewer: Viewer,
  asked: EntityAsked,
  moment: UptimeMoment,
): IncidentView | undefined {
  const { id, organizationId, language, hidden } = asked;
  const found = hidden?.has(id) ? undefined : selectIncident(models.incidents, viewer, id);
  if (found?.organizationId !== organizationId) return undefined;
  const incident = inLanguage(showIncident(found), language);
  const listed = listPage(models, viewer, asked);
  const frame = frameOf(models, viewer, asked, listed);
  const { affected, ...course } = courseOfIncident(found);
  const named = new Map(
    namedServices(models, viewer, asked, [
      ...affected.map(({ serviceId }) => serviceId),
      ...found.affectedServiceIds,
    ]).map((service) => [service.id, service]),
  );
  const at = found.status === 'resolved' ? secondOf(found.startedAt) : moment.now;
  const times = [...named.keys()].flatMap((serviceId) => models.uptime.services.get(serviceId) ?? []);
  const ribbon = drawRibbon(times, { zone: frame.zone, now: moment.now, at });
  const isAffected = new Set(affected.map(({ serviceId }) => serviceId));
  return {
    frame,
    incident,
    ...course,
    affected: affected.map((span) => ({ ...span, name: named.get(span.serviceId)?.name ?? null })),
    mentioned: [...named.values()].filter((service) => !isAffected.has(service.id)),
    ribbon,
    unaffected: listed.services.filter((service) => !named.has(service.id)).length,
    reportedAfter: Math.max(0, secondsBetween(found.startedAt, found.recordedAt)),
    records: { first: found.origin, last: found.position },
    beforeEdit: momentsBeforeEdits(found.updates),
    validUntil: holdsUntil(
      frame.zone,
      [incident.nextUpdateBy, nextStepOf(ribbon), frame.settings.notice?.until],
      moment,
    ),
  };
}

function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1_000);
}
