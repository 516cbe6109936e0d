// What the pages are made from: one question for each kind of page, and its answer as plain data, so that the present and
// the past are rendered alike.
import { showIncident } from '../../projections/incidents.ts';
import { showMaintenance } from '../../projections/maintenance.ts';
import type { Models } from '../../projections/models.ts';
import { type EmbedAsked, type EmbedView, selectEmbedView } from '../../projections/selectors/embed-view.ts';
import { type HistoryAsked, type HistoryView, selectHistoryView } from '../../projections/selectors/history-view.ts';
import { type IncidentView, selectIncidentView } from '../../projections/selectors/incident-view.ts';
import { inLanguage } from '../../projections/selectors/localized.ts';
import { type MaintenanceView, selectMaintenanceView } from '../../projections/selectors/maintenance-view.ts';
import { type MaintenancesView, selectMaintenancesView } from '../../projections/selectors/maintenances-view.ts';
import { namedServices } from '../../projections/selectors/named-services.ts';
import type { OneServiceAsked } from '../../projections/selectors/one-service.ts';
import {
  type EntityAsked,
  type PageAsked,
  type PageFrame,
  selectFrame,
} from '../../projections/selectors/page-frame.ts';
import { type ServiceAsked, type ServiceView, selectServiceView } from '../../projections/selectors/service-view.ts';
import {
  type PageMoment,
  type SelectedPage,
  selectStatusPageInSteps,
} from '../../projections/selectors/status-page.ts';
import { type SubscribeView, selectSubscribeView } from '../../projections/selectors/subscribe-view.ts';
import { selectUptimeView, type UptimeView } from '../../projections/selectors/uptime-view.ts';
import { findEntity } from '../../projections/state/collection.ts';
import { atOnce } from '../../projections/state/steps.ts';
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
  readonly embed: { readonly asked: EmbedAsked; readonly view: EmbedView };
  readonly subscribe: { readonly asked: OneServiceAsked; readonly view: SubscribeView };
  readonly frame: { readonly asked: PageAsked; readonly view: FrameView };
}

/** A page that shows nothing of its organisation but what all pages have. */
interface FrameView {
  readonly frame: PageFrame;
  readonly validUntil: null;
}

/** The page of an organisation as `/api/page` has it, beside the frame that all pages have. */
interface StatusView extends Pick<SelectedPage, 'validUntil'> {
  readonly frame: PageFrame;
  readonly page: SelectedPage;
  /** Titles of the incidents and maintenances that its days name, by id. */
  readonly titles: Readonly<Record<string, string>>;
  /** Names of the services that its planned work and its past name, by id. */
  readonly names: Readonly<Record<string, string>>;
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
  status: (...question) => atOnce(selectStatusView(...question)),
  incident: selectIncidentView,
  maintenance: selectMaintenanceView,
  maintenances: selectMaintenancesView,
  service: selectServiceView,
  history: selectHistoryView,
  uptime: selectUptimeView,
  embed: selectEmbedView,
  subscribe: selectSubscribeView,
  frame: (models, viewer, asked) => ({ frame: selectFrame(models, viewer, asked), validUntil: null }),
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

/** The same in steps: the front page of an organisation with very many services takes long. */
export function* selectViewInSteps(
  models: Models,
  viewer: Viewer,
  asked: ViewAsked,
  moment: PageMoment,
): Generator<void, View | undefined> {
  if (asked.view !== 'status') return selectView(models, viewer, asked, moment);
  return { view: asked.view, ...(yield* selectStatusView(models, viewer, asked, moment)) };
}

function* selectStatusView(
  models: Models,
  viewer: Viewer,
  asked: PageAsked,
  moment: PageMoment,
): Generator<void, StatusView> {
  const page = yield* selectStatusPageInSteps(models, viewer, asked, moment);
  const { organization, settings, status, headline, position, hash, zone, validUntil } = page;
  return {
    frame: { organization, settings, status, headline, position, hash, zone },
    page,
    titles: titlesIn(page, models, asked),
    names: namesIn(page, models, viewer, asked),
    validUntil,
  };
}

/** In the reader's language. What a viewer may not see has no title. */
function titlesIn({ services }: SelectedPage, { incidents, maintenances }: Models, { language, hidden }: PageAsked) {
  const named = services.flatMap(({ exceptions }) =>
    exceptions.flatMap((day) => [...day.incidents, ...day.maintenances]),
  );
  const titles: Record<string, string> = {};
  for (const id of new Set(named)) {
    const incident = findEntity(incidents.incidents, id);
    const maintenance = findEntity(maintenances.maintenances, id);
    const shown = incident ? showIncident(incident) : maintenance && showMaintenance(maintenance);
    if (shown && !hidden?.has(id)) titles[id] = inLanguage(shown, language).title;
  }
  return titles;
}

function namesIn({ maintenances, past }: SelectedPage, models: Models, viewer: Viewer, asked: PageAsked) {
  const ids = new Set([...maintenances, ...past].flatMap(({ affectedServiceIds }) => affectedServiceIds));
  return Object.fromEntries(namedServices(models, viewer, asked, [...ids]).map(({ id, name }) => [id, name]));
}
