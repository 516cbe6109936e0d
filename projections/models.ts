// The list of all read models that are folded from the log, by name.
import type { RecordedEvent } from './events/event-types.ts';
import { incidentsProjection } from './incidents.ts';
import { maintenancesProjection } from './maintenances.ts';
import { mentionsProjection } from './mentions.ts';
import { organizationsProjection } from './organizations.ts';
import { pagesProjection } from './pages.ts';
import { postmortemsProjection } from './postmortems.ts';
import { publicHeadsProjection } from './public-heads.ts';
import { redactionsProjection } from './redactions.ts';
import { seriesProjection } from './series.ts';
import { servicesProjection } from './services.ts';
import { fold, type Projection } from './state/projection.ts';
import { templatesProjection } from './templates.ts';
import { uptimeProjection } from './uptime/uptime.ts';

export const PROJECTIONS = {
  services: servicesProjection,
  incidents: incidentsProjection,
  maintenances: maintenancesProjection,
  'maintenance-series': seriesProjection,
  mentions: mentionsProjection,
  redactions: redactionsProjection,
  organizations: organizationsProjection,
  pages: pagesProjection,
  postmortems: postmortemsProjection,
  templates: templatesProjection,
  publicHeads: publicHeadsProjection,
  uptime: uptimeProjection,
};

export type ModelName = keyof typeof PROJECTIONS;

/** States of all read models at one position. */
export type Models = {
  readonly [N in ModelName]: (typeof PROJECTIONS)[N] extends Projection<infer S> ? S : never;
};

/** In the order in which they fold. */
export const MODEL_NAMES = Object.keys(PROJECTIONS) as readonly ModelName[];

/**
 * Makes one value for each read model, in the order in which they fold. A literal, because it is made for each commit: an
 * object that gets its members in a loop takes longer than most folds.
 */
export function eachModel<T>(make: (name: ModelName) => T): Readonly<Record<ModelName, T>> {
  return {
    services: make('services'),
    incidents: make('incidents'),
    maintenances: make('maintenances'),
    'maintenance-series': make('maintenance-series'),
    mentions: make('mentions'),
    redactions: make('redactions'),
    organizations: make('organizations'),
    pages: make('pages'),
    postmortems: make('postmortems'),
    templates: make('templates'),
    publicHeads: make('publicHeads'),
    uptime: make('uptime'),
  };
}

/** The read models after these events. */
export function foldModels(events: readonly RecordedEvent[]): Models {
  return eachModel((name) => fold<unknown>(PROJECTIONS[name] as Projection<unknown>, events)) as Models;
}
