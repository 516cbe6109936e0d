// A feed as all formats write it: whose it is, where it is, and its entries with their texts as HTML.
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { v5 } from 'uuid';
import type { FeedEntry, FeedView } from '../../../projections/selectors/feed-view.ts';
import { allowedInXml } from '../../text/allowed-text.ts';
import { formatsFor } from '../../text/formats.ts';
import type { Words } from '../../text/words/words.ts';
import { pageName } from '../components/page-name.ts';
import { EntryBody, type Writing } from './entry-body.tsx';

export interface Feed {
  readonly id: string;
  readonly title: string;
  /** Who says it: the name of the page. */
  readonly author: string;
  /** BCP 47. */
  readonly language: string;
  /** RFC 3339. */
  readonly updated: string;
  /** Addresses: of the feed, and of the page that it is the feed of. */
  readonly self: string;
  readonly page: string;
  readonly entries: readonly WrittenEntry[];
}

/** No text has a character that XML forbids. */
interface WrittenEntry {
  readonly id: string;
  /** Plain text. */
  readonly title: string;
  readonly html: string;
  readonly page: string;
  readonly published: string;
  readonly updated: string;
  /** Names of the affected services. */
  readonly services: readonly string[];
}

/** Where a feed is, and in whose words. */
export interface FeedPlace {
  /** Of the log: organisations of two servers may have the same id. */
  readonly logId: string;
  /** Without a trailing slash. */
  readonly origin: string;
  /** Of the feed, and of the front page of its organisation. */
  readonly path: string;
  readonly home: string;
  readonly words: Words;
}

/** What the ids of feeds are made in. */
const FEEDS = '53b6bf17-6a5b-4fd4-a8bb-6c9f8b27f6ee';

export function feedOf({ frame, service, updated, entries }: FeedView, place: FeedPlace): Feed {
  const { logId, origin, path, home, words } = place;
  const { organization, settings } = frame;
  const name = allowedInXml(pageName(settings.name, words));
  const formats = formatsFor(words, frame.zone);
  return {
    id: urn(v5(`${logId}/${service?.id ?? organization.id}`, FEEDS)),
    title: service ? `${allowedInXml(service.name)} · ${name}` : name,
    author: allowedInXml(settings.name),
    language: settings.locale,
    updated,
    self: origin + path,
    page: origin + (service ? `/services/${service.id}` : home),
    entries: entries.map((entry) => written(entry, origin, { words, formats })),
  };
}

/** Its id is that of what it is about, which neither another slug nor another origin changes. */
function written(entry: FeedEntry, origin: string, writing: Writing): WrittenEntry {
  const page = `${origin}/${entry.kind === 'incident' ? 'incidents' : 'maintenance'}/${entry.id}`;
  return {
    id: urn(entry.id),
    title: allowedInXml(entry.title),
    html: allowedInXml(render(h(EntryBody, { entry, page, writing }))),
    page,
    published: entry.published,
    updated: entry.updated,
    services: entry.services.map(allowedInXml),
  };
}

function urn(id: string): string {
  return `urn:uuid:${id}`;
}
