// Pages: what the page of each organisation is called and how it is set up. A page exists from its first event on; before
// that an organisation has one with the defaults.
import { type Colour, readable } from './colours/accent.ts';
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, DEFAULT_ORGANIZATION, entityId } from './events/envelope.ts';
import type { DataOf, RecordedEvent } from './events/event-types.ts';
import { BLANK, blankAt } from './events/texts.ts';
import type { Translations } from './events/translations.ts';
import type { Organization } from './organization.ts';
import {
  type Collection,
  type CollectionPart,
  type Counting,
  decodeCollection,
  type Entity,
  emptyCollection,
  encodeCollection,
  findEntity,
  replaceEntity,
} from './state/collection.ts';
import type { Projection } from './state/projection.ts';
import { translationsAfter } from './state/translated.ts';

/** A link in the page's footer. */
export interface PageLink {
  readonly label: string;
  /** https, http or mailto. */
  readonly url: string;
}

/** A line above everything else, which is no incident. */
export interface Notice {
  readonly text: string;
  /** When readers no longer see it. */
  readonly until?: string;
}

interface PageWords {
  /** `null`: the name of the organisation. */
  readonly name: string | null;
  readonly headline: string | null;
  readonly description: string | null;
  readonly links: readonly PageLink[];
  readonly supportUrl: string | null;
  readonly notice: Notice | null;
  readonly translations: Translations | null;
}

interface PageOptions {
  /** Where its days begin and end (IANA). */
  readonly timeZone: string;
  /** The main language (BCP 47). */
  readonly locale: string;
  readonly accent: Colour | null;
  /** `null`: derived from `accent`. */
  readonly accentDark: Colour | null;
  /** How many days the past of the page has. */
  readonly historyDays: number;
  readonly showUptime: boolean;
  /** How long an announcement can be taken back before anybody is told, in seconds. */
  readonly holdSeconds: number;
  /** After how long the next update of an incident is promised, in minutes. */
  readonly nextUpdateMinutes: number;
  readonly uptimePolicy: string;
  /** Origins that may show the page in a frame; `null`: all. */
  readonly embedHosts: readonly string[] | null;
}

/** A picture by the hex SHA-256 of its bytes, and its media type. */
export interface Picture {
  readonly digest: string;
  readonly type: string;
}

/** A picture that the page had, and the event that gave it. */
interface PastPicture extends Picture {
  readonly eventId: string;
}

/** Its id is that of its organisation. */
export interface StatusPage extends Entity, PageWords, PageOptions {
  readonly logo: Picture | null;
  readonly favicon: Picture | null;
  /** The last pictures, shown or not, without redacted ones: the past of the page shows them. */
  readonly pictures: readonly PastPicture[];
  /** Recorded time of its last event; `null` before the first. */
  readonly updatedAt: string | null;
}

/** How many pictures are kept for the past of a page. */
const MAX_PICTURES = 32;

/** A page as REST and sockets show it. */
export interface ShownPage
  extends Pick<
    PageOptions,
    'timeZone' | 'locale' | 'historyDays' | 'showUptime' | 'holdSeconds' | 'nextUpdateMinutes' | 'uptimePolicy'
  > {
  /** The id of its organisation. */
  readonly id: string;
  readonly organizationId: string;
  /** Left out where it is the name of the organisation. */
  readonly name?: string;
  readonly headline?: string;
  readonly description?: string;
  readonly links: readonly PageLink[];
  readonly supportUrl?: string;
  readonly notice?: Notice;
  readonly translations?: Translations;
  readonly accent?: Colour;
  /** Derived from the accent at the same hue where none is set. */
  readonly accentDark?: Colour;
  /** Where it can be read, or null. */
  readonly logo: string | null;
  readonly favicon: string | null;
  readonly embedHosts?: readonly string[];
  /** Left out before its first event. */
  readonly updatedAt?: string;
  readonly version: number;
}

export interface PagesState {
  readonly pages: Collection<StatusPage, null>;
}

const counting: Counting<StatusPage, null> = { zero: null, recount: () => null };

export const pagesProjection: Projection<PagesState> = {
  name: 'pages',
  version: 1,
  initial: { pages: emptyCollection() },
  on(state, event) {
    switch (event.type) {
      case 'page.described':
        return changed(state, event, (page) => described(page, event.data));
      case 'page.configured':
        return changed(state, event, () => event.data);
      case 'page.logo-changed':
        return changed(state, event, (page) => ({ logo: pictureOf(event), pictures: withPicture(page, event) }));
      case 'page.favicon-changed':
        return changed(state, event, (page) => ({ favicon: pictureOf(event), pictures: withPicture(page, event) }));
      case 'event.redacted':
        return aggregateOf(event) === 'page' ? changed(state, event, (page) => redacted(page, event)) : state;
      default:
        return state;
    }
  },
  encode: ({ pages }) => encodeCollection(pages),
  decode: ({ pages }, part) => ({ pages: decodeCollection(pages, part as CollectionPart<StatusPage>, counting) }),
};

function changed(
  state: PagesState,
  event: RecordedEvent,
  change: (page: StatusPage) => Partial<StatusPage>,
): PagesState {
  const id = entityId(event);
  const known = findEntity(state.pages, id);
  const before = known ?? { ...pageWithDefaults(id), origin: event.position };
  const { version, position, recordedAt: updatedAt } = event;
  const after = { ...before, ...change(before), version, position, updatedAt };
  return { pages: replaceEntity(state.pages, event, { before: known, after }, counting) };
}

/** The words after a change: those that change without their translations lose them. */
function described({ translations }: StatusPage, data: DataOf<'page.described'>): Partial<StatusPage> {
  const isRetold = TRANSLATED.some((member) => data[member] !== undefined);
  return { ...data, translations: translationsAfter(translations, { sent: data.translations, isRetold }) };
}

/** The words that can have translations. */
const TRANSLATED = ['name', 'headline', 'description', 'notice'] as const;

type PictureEvent = RecordedEvent<'page.logo-changed' | 'page.favicon-changed'>;

function pictureOf({ data: { digest, type } }: PictureEvent): Picture | null {
  return digest === null || type === null ? null : { digest, type };
}

function withPicture({ pictures }: StatusPage, event: PictureEvent): StatusPage['pictures'] {
  const picture = pictureOf(event);
  if (!picture || picture.digest === BLANK) return pictures;
  return [...pictures, { ...picture, eventId: event.id }].slice(-MAX_PICTURES);
}

function redacted(
  page: StatusPage,
  { data: { eventId, shown } }: RecordedEvent<'event.redacted'>,
): Partial<StatusPage> {
  return { ...blankAt(page, shown), pictures: page.pictures.filter((picture) => picture.eventId !== eventId) };
}

/** The stream of the page of an organisation. */
export function pageStream(organizationId: string): string {
  return `page-${organizationId}`;
}

/** The page of an organisation, without an access check; with the defaults if nothing was ever said of it. */
export function findPage({ pages }: PagesState, organizationId: string): StatusPage {
  return findEntity(pages, organizationId) ?? pageWithDefaults(organizationId);
}

function pageWithDefaults(organizationId: string): StatusPage {
  return {
    id: organizationId,
    organizationId,
    name: null,
    headline: null,
    description: null,
    links: [],
    supportUrl: null,
    notice: null,
    translations: null,
    timeZone: 'UTC',
    locale: 'en',
    accent: null,
    accentDark: null,
    historyDays: 14,
    showUptime: true,
    holdSeconds: 20,
    nextUpdateMinutes: 30,
    uptimePolicy: 'statuspage-1',
    embedHosts: null,
    logo: null,
    favicon: null,
    pictures: [],
    updatedAt: null,
    version: 0,
    origin: 0,
    position: 0,
  };
}

/** What the page is called: by its own name or, without one, by that of its organisation. */
export function nameOfPage({ id, name }: StatusPage, organization: Organization | undefined): string {
  const given = name ?? organization?.name ?? id;
  // The default organisation has that name until somebody gives it another.
  return given === DEFAULT_ORGANIZATION ? 'Status' : given;
}

/** The digests of all pictures of the page that can be read. */
export function readablePictures({ pictures }: StatusPage): ReadonlySet<string> {
  return new Set(pictures.map(({ digest }) => digest));
}

export function showPage(page: StatusPage): ShownPage {
  const { id, organizationId, links, timeZone, locale, historyDays, showUptime, holdSeconds } = page;
  const { nextUpdateMinutes, uptimePolicy, logo, favicon, version } = page;
  return {
    id,
    organizationId,
    ...presentOf(page, ['name', 'headline', 'description']),
    links,
    ...presentOf(page, ['supportUrl', 'notice', 'translations']),
    timeZone,
    locale,
    ...shownAccents(page),
    logo: addressOf(page, logo),
    favicon: addressOf(page, favicon),
    historyDays,
    showUptime,
    holdSeconds,
    nextUpdateMinutes,
    uptimePolicy,
    ...presentOf(page, ['embedHosts', 'updatedAt']),
    version,
  };
}

type Present<T> = { -readonly [K in keyof T]?: NonNullable<T[K]> };

/** Those of these members that are not null. */
function presentOf<K extends keyof StatusPage>(page: StatusPage, members: readonly K[]): Present<Pick<StatusPage, K>> {
  const present: Present<Pick<StatusPage, K>> = {};
  for (const member of members) {
    const value = page[member];
    if (value !== null && value !== undefined) present[member] = value;
  }
  return present;
}

function shownAccents({ accent, accentDark }: StatusPage): Pick<ShownPage, 'accent' | 'accentDark'> {
  const dark = accentDark ?? (accent && readable('dark', accent));
  return { ...(accent ? { accent } : {}), ...(dark ? { accentDark: dark } : {}) };
}

function addressOf({ id }: StatusPage, picture: Picture | null): string | null {
  return picture && picture.digest !== BLANK ? `/api/page/pictures/${id}/${picture.digest}` : null;
}

export const pageKind = {
  aggregate: 'page',
  audience: 'public',
  plural: 'pages',
  projection: pagesProjection,
  state: ({ pages }) => pages,
  collection: ({ pages }) => pages,
  show: showPage,
  // A page has no status of its own: that of its services is derived.
  status: () => '',
  isSettled: () => false,
  isActive: () => true,
  touched: () => [],
  streams: (_models, id) => [pageStream(id)],
  textsUnder: ({ type }) => PICTURE_OF[type] ?? '',
  notInHistory: [],
  additions: () => [],
} as const satisfies EntityKind<{ readonly pages: PagesState }, StatusPage, PagesState>;

const PICTURE_OF: Readonly<Record<string, string>> = {
  'page.logo-changed': '/logo',
  'page.favicon-changed': '/favicon',
};
