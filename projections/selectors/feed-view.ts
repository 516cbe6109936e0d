// What the feeds of an organisation, or of one of its services, tell: an entry for each incident and each maintenance.
import type { IncidentStatus, MaintenanceStatus } from '../events/severity.ts';
import { type Incident, showIncident } from '../incidents.ts';
import { type Maintenance, showMaintenance } from '../maintenance.ts';
import { findOrganization } from '../organizations.ts';
import { selectEntities } from '../selection.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { courseOfIncident } from './incident-course.ts';
import { inLanguage } from './localized.ts';
import { firstOfSeries } from './maintenances-view.ts';
import { namedServices } from './named-services.ts';
import { isAbout, type OneService, type OneServiceAsked, selectOneService } from './one-service.ts';
import { filterOf, type PageFrame, type PageModels, selectFrame } from './page-frame.ts';

/** What was said at a moment. */
interface FeedPart<S> {
  readonly status: S;
  readonly at: string;
  /** Markdown. */
  readonly text: string;
}

interface EntryBase<S> {
  readonly id: string;
  readonly title: string;
  readonly status: S;
  /** The first time that it is of, and when it changed last. */
  readonly published: string;
  readonly updated: string;
  /** Names of the affected services. */
  readonly services: readonly string[];
  /** The newest first: as many as there is room for. */
  readonly parts: readonly FeedPart<S>[];
  /** How many older ones are left out. */
  readonly more: number;
}

export type FeedEntry =
  | ({ readonly kind: 'incident'; readonly hasPostmortem: boolean } & EntryBase<IncidentStatus>)
  | ({
      readonly kind: 'maintenance';
      readonly startsAt: string;
      readonly endsAt: string;
    } & EntryBase<MaintenanceStatus>);

export interface FeedView {
  readonly frame: PageFrame;
  /** The service that it is about; `null` if it is about all. */
  readonly service: OneService | null;
  /** When any of it changed last. */
  readonly updated: string;
  /** What began last comes first. What is planned began when it was announced. */
  readonly entries: readonly FeedEntry[];
}

const MAX_ENTRIES = 50;
/** How many characters (UTF-16) an entry tells, unless its newest part has more, and how many all entries do together. */
const [MAX_LETTERS, MAX_LETTERS_OF_ALL] = [10_000, 100_000];
/** A shorter part counts as much: it has a state and a time too. */
const LEAST_LETTERS = 500;
/** What has nothing in its feed was last changed then, if nobody knows when it began. */
const EPOCH = '1970-01-01T00:00:00.000Z';

/** `undefined` if the organisation has no such service that the viewer may see. */
export function selectFeedView(models: PageModels, viewer: Viewer, asked: OneServiceAsked): FeedView | undefined {
  const service = selectOneService(models, viewer, asked);
  if (service === undefined) return undefined;
  const entries = fittingAll(newestOf(models, viewer, asked).map((each) => entryOf(models, viewer, asked, each)));
  const begin = service?.createdAt ?? findOrganization(models.organizations, asked.organizationId)?.createdAt ?? EPOCH;
  return {
    frame: selectFrame(models, viewer, asked),
    service,
    updated: entries.reduce((latest, { updated }) => (updated > latest ? updated : latest), begin),
    entries,
  };
}

type Begun = { readonly began: string } & (
  | { readonly kind: 'incident'; readonly entity: Incident }
  | { readonly kind: 'maintenance'; readonly entity: Maintenance }
);

/** Of a series that is still to come the next one alone, as in the plan: otherwise nothing else had room. */
function newestOf({ incidents, maintenances }: PageModels, viewer: Viewer, asked: OneServiceAsked): Begun[] {
  const isMeant = (each: Incident | Maintenance) => isAbout(each, asked);
  const opened = [...selectEntities(incidents.incidents, viewer, filterOf(asked))].filter(isMeant);
  const all = [...selectEntities(maintenances.maintenances, viewer, filterOf(asked))].filter(isMeant);
  const planned = all.filter(({ status }) => status === 'scheduled').sort((a, b) => compare(a.startsAt, b.startsAt));
  const begun = all.filter(({ status, isDropped }) => status !== 'scheduled' && !isDropped);
  return [
    ...opened.map((entity) => ({ kind: 'incident' as const, began: entity.startedAt, entity })),
    ...[...begun, ...firstOfSeries(planned)].map((entity) => ({
      kind: 'maintenance' as const,
      began: entity.startedAt ?? entity.createdAt,
      entity,
    })),
  ]
    .sort((a, b) => compare(b.began, a.began))
    .slice(0, MAX_ENTRIES);
}

function entryOf(models: PageModels, viewer: Viewer, asked: OneServiceAsked, begun: Begun): FeedEntry {
  const { id, affectedServiceIds } = begun.entity;
  const services = namedServices(models, viewer, asked, affectedServiceIds).map(({ name }) => name);
  if (begun.kind === 'maintenance') {
    const shown = inLanguage(showMaintenance(begun.entity), asked.language);
    const { title, status, startsAt, endsAt, createdAt: published, updatedAt: updated } = shown;
    const parts = [
      { status: 'scheduled' as const, at: published, text: shown.description },
      ...shown.updates.map(({ status, createdAt: at, message: text = '' }) => ({ status, at, text })),
    ];
    const base = { id, title, status, published, updated, services, ...fitting(parts) };
    return { kind: 'maintenance', startsAt, endsAt, ...base };
  }
  const shown = inLanguage(showIncident(begun.entity), asked.language);
  const { title, status, startedAt: published, updatedAt: updated, postmortem } = shown;
  const { opening } = courseOfIncident(begun.entity);
  const parts = [
    { status: opening.status, at: published, text: shown.description },
    ...shown.updates.map(({ status, createdAt: at, message: text }) => ({ status, at, text })),
  ];
  const base = { id, title, status, published, updated, services, ...fitting(parts) };
  return { kind: 'incident', hasPostmortem: postmortem !== undefined, ...base };
}

function fitting<S>(parts: readonly FeedPart<S>[]): { readonly parts: readonly FeedPart<S>[]; readonly more: number } {
  let letters = 0;
  const fits = parts.toReversed().filter(({ text }, index) => {
    letters += weightOf(text);
    return index === 0 || letters <= MAX_LETTERS;
  });
  return { parts: fits, more: parts.length - fits.length };
}

/** Where there is no room left, entries say how it stands, and lead to their page. */
function fittingAll(entries: readonly FeedEntry[]): FeedEntry[] {
  let letters = 0;
  return entries.map((entry) => {
    letters += entry.parts.reduce((sum, { text }) => sum + weightOf(text), 0);
    if (letters <= MAX_LETTERS_OF_ALL) return entry;
    return { ...entry, parts: [], more: entry.more + entry.parts.length };
  });
}

function weightOf(text: string): number {
  return Math.max(text.length, LEAST_LETTERS);
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
