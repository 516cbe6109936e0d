// The page that tells how uptime is counted, with the figures of services and groups.
import type { UptimePolicy } from '../uptime/policies.ts';
import { type UptimeMoment, uptimeFigures, uptimeSettings, uptimeTermsOfDays, validUntil } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { frameOf, listPage, type PageAsked, type PageFrame, type PageModels } from './page-frame.ts';
import { FIGURE_DAYS } from './service-view.ts';

/** A figure for each of the windows of `days`. */
type Figures = readonly (number | null)[];

interface FiguresOfService {
  readonly id: string;
  readonly name: string;
  readonly figures: Figures;
}

interface FiguresOfGroup {
  readonly id: string;
  readonly name: string;
  /** The mean of its services. */
  readonly figures: Figures;
  readonly services: readonly FiguresOfService[];
}

export interface UptimeView {
  readonly frame: PageFrame;
  readonly policy: UptimePolicy;
  /** How many days each figure is about. */
  readonly days: readonly number[];
  /** The mean of all services. */
  readonly figures: Figures;
  /** In the order of the page, without what shows no uptime. Empty where the page shows none. */
  readonly groups: readonly FiguresOfGroup[];
  /** Those without a group. */
  readonly services: readonly FiguresOfService[];
  readonly validUntil: string | null;
}

/** Without an access check. */
export function selectUptimeView(
  models: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  moment: UptimeMoment,
): UptimeView {
  const { organizationId } = asked;
  const listed = listPage(models, viewer, asked);
  const frame = frameOf(models, viewer, asked, listed);
  const settings = uptimeSettings(models, organizationId);
  const terms = FIGURE_DAYS.map((days) => uptimeTermsOfDays(days, settings, moment));
  const figures = terms.map((each) => uptimeFigures(models, viewer, organizationId, each));
  const shown = frame.settings.showUptime ? listed.services.filter(({ showUptime }) => showUptime) : [];
  const ofService = ({ id, name }: { readonly id: string; readonly name: string }) => ({
    id,
    name,
    figures: figures.map(({ services }) => services.get(id) ?? null),
  });
  const groups = listed.groups.map(({ id, name, services }) => ({
    id,
    name,
    figures: figures.map((each) => each.groups.get(id) ?? null),
    services: shown.filter((service) => services.includes(service.id)).map(ofService),
  }));
  const grouped = new Set(listed.groups.flatMap(({ services }) => services));
  const [first] = terms;
  return {
    frame,
    policy: settings.policy,
    days: FIGURE_DAYS,
    figures: figures.map(({ uptime }) => uptime),
    groups: groups.filter(({ services }) => services.length > 0),
    services: shown.filter(({ id }) => !grouped.has(id)).map(ofService),
    validUntil: first ? validUntil(first, frame.status === 'operational') : null,
  };
}
