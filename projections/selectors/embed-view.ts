// What a page of another site shows in a frame: the headline, the services or one of them, and what affects them.
import type { ShownIncident } from '../incidents.ts';
import type { ShownMaintenance } from '../maintenance.ts';
import type { ShownService } from '../service.ts';
import type { UptimeMoment } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { isAbout } from './one-service.ts';
import { frameOf, listPage, type PageAsked, type PageFrame, type PageModels } from './page-frame.ts';
import { holdsUntil } from './page-validity.ts';
import { selectShownService } from './shown-service.ts';

export interface EmbedAsked extends PageAsked {
  /** Only the service with this id. */
  readonly service?: string | undefined;
}

export interface EmbedView {
  readonly frame: PageFrame;
  /** The one that is asked for; `null` if all are. */
  readonly service: ShownService | null;
  /** In the order of the page. */
  readonly services: readonly ShownService[];
  /** The unresolved ones, the latest first. */
  readonly incidents: readonly ShownIncident[];
  /** Those under way and those to come, in the order in which they begin. */
  readonly maintenances: readonly ShownMaintenance[];
  /** RFC 3339: when time alone changes it; `null` for the past. */
  readonly validUntil: string | null;
}

/** `undefined` if the organisation has no such service that the viewer may see. */
export function selectEmbedView(
  models: PageModels,
  viewer: Viewer,
  asked: EmbedAsked,
  moment: UptimeMoment,
): EmbedView | undefined {
  const { service: id } = asked;
  const service = id === undefined ? null : selectShownService(models, viewer, { ...asked, id });
  if (service === undefined) return undefined;
  const listed = listPage(models, viewer, asked);
  const frame = frameOf(models, viewer, asked, listed);
  const maintenances = listed.maintenances.filter((maintenance) => isAbout(maintenance, asked));
  const windows = maintenances.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]);
  return {
    frame,
    service,
    services: service === null ? listed.services : [service],
    incidents: listed.incidents.filter((incident) => isAbout(incident, asked)).reverse(),
    maintenances,
    validUntil: holdsUntil(frame.zone, windows, moment),
  };
}
