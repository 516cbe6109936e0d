// What the pages are made from: one question for each kind of page, and its answer as plain data, so that the present and
// the past are rendered alike.
import type { Models } from '../../projections/models.ts';
import { type HistoryAsked, type HistoryView, selectHistoryView } from '../../projections/selectors/history-view.ts';
import { type IncidentView, selectIncidentView } from '../../projections/selectors/incident-view.ts';
import { type MaintenanceView, selectMaintenanceView } from '../../projections/selectors/maintenance-view.ts';
import { type MaintenancesView, selectMaintenancesView } from '../../projections/selectors/maintenances-view.ts';
import type { EntityAsked, PageAsked, PageFrame } from '../../projections/selectors/page-frame.ts';
import { type ServiceAsked, type ServiceView, selectServiceView } from '../../projections/selectors/service-view.ts';
import { type PageMoment, type SelectedPage, selectStatusPage } from '../../projections/selectors/status-page.ts';
import { selectUptimeView, type UptimeView } from '../../projections/selectors/uptime-view.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';

/** What each page is asked for, and what it is made from, by the name of the page. */
interface Pages {
  readonly status: { readonly asked: PageAsked; readonly view: StatusView };
  readonly incident: { readonly asked: EntityAsked; readonly view: IncidentView };
  readonly maintenance: { readonly asked: EntityAsked; readonly view: MaintenanceView };
  readonly maintenances: { readonly asked: PageAsked; readonly view: MaintenancesView };
  readonly service: { readonly asked: ServiceAsked; readonly view: ServiceView };
  readonly history: { readonly asked: HistoryAsked; readonly view: HistoryView };
  readonly uptime: { readonly asked: PageAsked; readonly view: UptimeView };
}

/** The page of an organisation as `/api/page` has it, beside the frame that all pages have. */
interface StatusView extends Pick<SelectedPage, 'validUntil'> {
  readonly frame: PageFrame;
  readonly page: SelectedPage;
}

export type ViewName = keyof Pages;

/** The question for a page of an organisation. */
export type ViewAsked<N extends ViewName = ViewName> = { [K in N]: { readonly view: K } & Pages[K]['asked'] }[N];

/** What a page is made from. */
export type View<N extends ViewName = ViewName> = { [K in N]: { readonly view: K } & Pages[K]['view'] }[N];

type Select<N extends ViewName> = (
  models: Models,
  viewer: Viewer,
  asked: Pages[N]['asked'],
  moment: PageMoment,
) => Pages[N]['view'] | undefined;

const SELECTORS: { readonly [N in ViewName]: Select<N> } = {
  status: selectStatusView,
  incident: selectIncidentView,
  maintenance: selectMaintenanceView,
  maintenances: selectMaintenancesView,
  service: selectServiceView,
  history: selectHistoryView,
  uptime: selectUptimeView,
};

/**
 * `undefined` if there is no such page. It is not checked whether the viewer may see the organisation, but whether the
 * entity is one of that organisation.
 */
export function selectView<N extends ViewName>(
  models: Models,
  viewer: Viewer,
  asked: ViewAsked<N>,
  moment: PageMoment,
): View<N> | undefined {
  const { view } = asked;
  const select = SELECTORS[view] as unknown as Select<N>;
  const selected = select(models, viewer, asked, moment);
  return selected && ({ view, ...selected } as View<N>);
}

function selectStatusView(models: Models, viewer: Viewer, asked: PageAsked, moment: PageMoment): StatusView {
  const page = selectStatusPage(models, viewer, asked, moment);
  const { organization, settings, status, headline, position, hash, zone, validUntil } = page;
  return { frame: { organization, settings, status, headline, position, hash, zone }, page, validUntil };
}
