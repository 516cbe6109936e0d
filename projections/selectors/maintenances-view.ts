// The page of all maintenance: what is in progress, what is planned, and what was done lately.
import { isActive, isOver, type Maintenance } from '../maintenance.ts';
import { selectEntities } from '../selection.ts';
import { timeOf } from '../uptime/seconds.ts';
import { lastDays } from '../uptime/window.ts';
import type { UptimeMoment } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { type ListedMaintenance, listMaintenance, overAt } from './maintenance-view.ts';
import { filterOf, type PageAsked, type PageFrame, type PageModels, selectFrame } from './page-frame.ts';
import { holdsUntil } from './page-validity.ts';

export interface MaintenancesView {
  readonly frame: PageFrame;
  /** In the order in which they are planned to begin. Of a series the first one alone, which names the next ones. */
  readonly inProgress: readonly ListedMaintenance[];
  readonly planned: readonly ListedMaintenance[];
  /** Those that ended, or that somebody cancelled, within the last 90 days: the latest first. */
  readonly past: readonly ListedMaintenance[];
  /** How many planned ones are not listed because they are too many. */
  readonly more: number;
  readonly validUntil: string | null;
}

/** How many open ones of each list, and how many past ones, are listed. */
const [MAX_OPEN, MAX_PAST] = [100, 20];
const PAST_DAYS = 90;

/** Without an access check. */
export function selectMaintenancesView(
  models: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  moment: UptimeMoment,
): MaintenancesView {
  const frame = selectFrame(models, viewer, asked);
  const all = [...selectEntities(models.maintenances.maintenances, viewer, filterOf(asked))].filter(
    ({ id }) => !asked.hidden?.has(id),
  );
  const list = (maintenances: readonly Maintenance[]) =>
    maintenances.map((each) => listMaintenance(models, viewer, asked, each));
  const byStart = all.toSorted((a, b) => compare(a.startsAt, b.startsAt));
  const planned = firstOfSeries(byStart.filter(({ status }) => status === 'scheduled'));
  const from = timeOf(lastDays(PAST_DAYS, frame.zone, moment.now).from);
  const past = all
    .filter((each) => isOver(each) && !each.isDropped && overAt(each) >= from)
    .sort((a, b) => compare(overAt(b), overAt(a)));
  const active = list(byStart.filter(isActive).slice(0, MAX_OPEN));
  const coming = list(planned.slice(0, MAX_OPEN));
  return {
    frame,
    inProgress: active,
    planned: coming,
    past: list(past.slice(0, MAX_PAST)),
    more: Math.max(0, planned.length - MAX_OPEN),
    validUntil: holdsUntil(frame.zone, [...momentsOf([...active, ...coming]), frame.settings.notice?.until], moment),
  };
}

/** Those without a series, and the first one of each. */
export function firstOfSeries<M extends Pick<Maintenance, 'seriesId'>>(planned: readonly M[]): M[] {
  const seen = new Set<string>();
  return planned.filter(({ seriesId }) => {
    if (seriesId === undefined) return true;
    const isFirst = !seen.has(seriesId);
    seen.add(seriesId);
    return isFirst;
  });
}

/** Of those under way and to come: all that are under way, and of each series the next one alone. */
export function nextOfEach<M extends Pick<Maintenance, 'seriesId' | 'status'>>(maintenances: readonly M[]): M[] {
  return [...maintenances.filter(isActive), ...firstOfSeries(maintenances.filter((each) => !isActive(each)))];
}

function momentsOf(listed: readonly ListedMaintenance[]): string[] {
  return listed.flatMap(({ maintenance: { startsAt, endsAt } }) => [startsAt, endsAt]);
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
