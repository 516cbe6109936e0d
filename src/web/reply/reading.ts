// Who reads a page: in which language, by which clock, in which colours, and from where its links start.
import type { ChainHead } from '../../../projections/chain/chain.ts';
import type { Theme } from '../../../projections/colours/accent.ts';
import { wallClockAt } from '../../../projections/state/zones.ts';
import type { Formats } from '../../text/formats.ts';
import type { Words } from '../../text/words/words.ts';
import type { PageAssets } from './assets.ts';
import { pathBelow } from './organization-path.ts';

/** The moment of a page of the past. */
export interface PastMoment {
  /** RFC 3339: the time as of which it speaks. */
  readonly at: string;
  readonly position: number;
  /** What its links carry, so that they lead to the same moment: `?at=…` or `?position=…`. */
  readonly query: string;
}

export interface Reading {
  readonly words: Words;
  /** Of the organisation (IANA). */
  readonly zone: string;
  /** By the clock of the organisation. */
  readonly formats: Formats;
  /** The theme that the reader has chosen; without it, that of the reader's system. */
  readonly theme: Theme | undefined;
  /** RFC 3339: the time as of which the page was made. */
  readonly instant: string;
  /** The same on the full minute, as the page shows it. */
  readonly now: string;
  /** The language of the organisation (BCP 47), in which its texts are where they have no translation. */
  readonly ownLanguage: string;
  /** Only of a page of the past. */
  readonly past: PastMoment | undefined;
  /** The path of the front page of the organisation: `/`, or `/status/<slug>`. */
  readonly home: string;
  /** The path of this page. */
  readonly path: string;
  /** The same with its query, but for the language. */
  readonly address: string;
  /** The origin for links that must be absolute, without a trailing slash. */
  readonly origin: string;
  /** Whether the server waits for its owner. */
  readonly isUnowned: boolean;
  readonly assets: PageAssets;
}

/** The address of a page of this organisation that has one for each organisation, such as `history`. */
export function pageOf({ home, past }: Reading, name: 'history' | 'maintenance' | 'uptime' | ''): string {
  const path = name === '' ? home : pathBelow(home, name);
  return path + (past?.query ?? '');
}

/** The feeds, by the names of their formats, which are no words of a language. */
export const FEEDS = [
  { name: 'Atom', file: 'feed.atom', mediaType: 'application/atom+xml' },
  { name: 'RSS', file: 'feed.rss', mediaType: 'application/rss+xml' },
  { name: 'JSON Feed', file: 'feed.json', mediaType: 'application/feed+json' },
] as const;

type FeedFile = (typeof FEEDS)[number]['file'];

/** The address of a file about the organisation, or about one of its services. None has a past. */
export function fileOf({ home }: Reading, file: FeedFile | 'maintenance.ics', service?: string): string {
  if (service !== undefined) return `/services/${service}/${file}`;
  return pathBelow(home, file);
}

/** What other sites can show, of the organisation or of one of its services. */
export function shownElsewhere({ home }: Reading, what: 'badge.svg' | 'embed', service?: string): string {
  const [name, extension] = what.split('.') as [string, string?];
  const below = pathBelow(home, service === undefined ? name : `${name}/${service}`);
  return extension === undefined ? below : `${below}.${extension}`;
}

/** The address of the page of what can be subscribed to, of one service if it is named. */
export function subscribePage({ home }: Reading, service?: string): string {
  return pathBelow(home, service === undefined ? 'subscribe' : `subscribe?service=${service}`);
}

/** The address of the page that checks the record. It is of the present, and learns from the fragment of a head to look for. */
export function verifyPage({ home }: Pick<Reading, 'home'>, { position, hash }: ChainHead): string {
  return pathBelow(home, `verify#${position}:${hash}`);
}

/** The address of an entity, which has one for all organisations. */
export function entityPage({ past }: Reading, kind: 'incidents' | 'maintenance' | 'services', id: string): string {
  return `/${kind}/${id}${past?.query ?? ''}`;
}

/** The date of a moment by the clock of the organisation: `2026-11-27`. */
export function dateOf(instant: string, { zone }: Reading): string {
  return wallClockAt(instant, zone).slice(0, 10);
}
