// The headline of a page in words: at most 90 characters in every language, and a line below it.
import type { ServiceStatus } from '../../projections/events/severity.ts';
import type { Headline, HeadlineGroup } from '../../projections/selectors/headline.ts';
import { cutText } from './cut-text.ts';
import { formatsFor } from './formats.ts';
import { parseMarkdown, plainText } from './markdown.ts';
import type { Words } from './words/words.ts';

/** When and where a text is read. */
export interface WhenRead {
  /** RFC 3339. */
  readonly now: string;
  /** IANA. */
  readonly timeZone: string;
}

/** A headline in words: at most 90 characters, and a line below it, which can be empty. */
export interface HeadlineWords {
  readonly text: string;
  readonly detail: string;
}

const LONGEST = 90;
/** The longest sentence of an incident that is repeated. */
const LONGEST_SENTENCE = 140;
/** How many services are listed. */
const LISTED = 5;

/** The headline of a page, and the line below it. */
export function headlineWords(headline: Headline, words: Words, reading: WhenRead): HeadlineWords {
  const { text, detail } = composed(headline, words, reading);
  return { text: cutText(text, LONGEST), detail };
}

function composed(headline: Headline, words: Words, reading: WhenRead): HeadlineWords {
  const { kind, groups, incident, total } = headline;
  const { headline: phrases } = words;
  switch (kind) {
    case 'nothing':
      return { text: phrases.nothing, detail: '' };
    case 'calm':
      return { text: phrases.calm, detail: phrases.calmDetail(total) };
    case 'all':
      return { text: phrases.all(groups[0]?.status ?? null), detail: '' };
    case 'incident':
      return { text: incident?.title ?? '', detail: reported(headline, words) };
    case 'maintenance':
      return {
        text: underMaintenance(headline, words, reading),
        detail: line(phrases.planned, othersOf(headline, words)),
      };
    case 'some':
      return affected(headline, words);
  }
}

/** The state of a page in a few words, for its title: "2 services degraded". Empty while everything works. */
export function headlineTitle({ kind, groups, incident }: Headline, { headline }: Words): string {
  if (kind === 'incident') return incident?.title ?? '';
  const names = groups.flatMap((group) => group.names);
  const status = groups.length === 1 ? (groups[0]?.status ?? null) : null;
  if (names.length === 0) return '';
  return names.length === 1 ? headline.named(names, status) : headline.short(names.length, status);
}

type Groups = readonly HeadlineGroup[];

function affected(headline: Headline, words: Words): HeadlineWords {
  const { groups, incident } = headline;
  const { headline: phrases } = words;
  const names = groups.flatMap((group) => group.names);
  const isFew = names.length <= 2;
  const named = ({ names: some, status }: HeadlineGroup) => phrases.named(some, status);
  const counted = ({ names: some, status }: HeadlineGroup) => phrases.counted(some.length, status);
  const more = ({ names: some, status }: HeadlineGroup) => phrases.more(some.length, status);
  const namedIfOne = (group: HeadlineGroup) => (group.names.length === 1 ? named(group) : counted(group));
  const byName = isFew ? told(groups, named, named) : told(groups, namedIfOne, more);
  const isLong = byName.length > LONGEST;
  const beside = maintenanceBeside(headline, words);
  const sentence = firstSentence(incident?.description ?? '', words.locale);
  return {
    text: isLong ? told(groups, counted, more) : byName,
    detail: isFew
      ? line(isLong ? listed(names, words) : '', sentence, beside, othersOf(headline, words))
      : line(listed(names, words), beside),
  };
}

type Clause = (group: HeadlineGroup) => string;

/** The worst services, then the others. */
function told([lead, rest]: Groups, first: Clause, second: Clause): string {
  return [lead && first(lead), rest && second(rest)].filter((clause) => clause !== undefined).join(', ');
}

function underMaintenance({ groups, until }: Headline, words: Words, reading: WhenRead): string {
  const names = groups.flatMap((group) => group.names);
  const end = until === null ? undefined : timeOrMoment(until, words, reading);
  const byName = words.headline.named(names, 'maintenance', end);
  return names.length <= 2 && byName.length <= LONGEST
    ? byName
    : words.headline.counted(names.length, 'maintenance', end);
}

/** Services under maintenance while others have a fault. */
function maintenanceBeside({ underMaintenance: names }: Headline, { headline }: Words): string {
  if (names.length === 0) return '';
  const status: ServiceStatus = 'maintenance';
  return `${names.length <= 2 ? headline.named(names, status) : headline.counted(names.length, status)}.`;
}

function othersOf({ others }: Headline, words: Words): string {
  return others === 0 ? '' : words.headline.others(others);
}

/** Of an incident that affects no service. */
function reported(headline: Headline, words: Words): string {
  const { total, underMaintenance: names } = headline;
  if (total === 0) return '';
  return names.length > 0
    ? line(maintenanceBeside(headline, words), othersOf(headline, words))
    : words.headline.reported;
}

function listed(names: readonly string[], words: Words): string {
  return words.headline.listed(names.slice(0, LISTED), Math.max(0, names.length - LISTED));
}

const segmenters = new Map<string, Intl.Segmenter>();

function sentencesOf(text: string, locale: string): Intl.Segments {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'sentence' });
  segmenters.set(locale, segmenter);
  return segmenter.segment(text);
}

/** The first sentence of a text in Markdown, if it is short enough to be repeated. */
function firstSentence(text: string, locale: string): string {
  const [first] = sentencesOf(plainText(parseMarkdown(text)), locale);
  const sentence = first?.segment.trim() ?? '';
  if (sentence === '' || sentence.length > LONGEST_SENTENCE) return '';
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** The time of day; with the date where that is another day. */
function timeOrMoment(instant: string, words: Words, { now, timeZone }: WhenRead): string {
  const formats = formatsFor(words, timeZone);
  const time = formats.time(instant);
  const date = formats.shortDate(instant);
  return date === formats.shortDate(now) ? time : `${date}, ${time}`;
}

function line(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
