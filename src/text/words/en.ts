// The words of English.
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { Headline, HeadlineGroup } from '../../../projections/selectors/headline.ts';
import { parseMarkdown, plainText } from '../markdown.ts';

/** When and where a text is read. */
export interface Reading {
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

const LOCALE = 'en-GB';
const LONGEST = 90;
/** The longest sentence of an incident that is repeated. */
const LONGEST_SENTENCE = 140;
/** How many services are listed. */
const LISTED = 5;

const plurals = new Intl.PluralRules(LOCALE);
const numbers = new Intl.NumberFormat(LOCALE);
const lists = new Intl.ListFormat(LOCALE, { type: 'conjunction' });
const sentences = new Intl.Segmenter(LOCALE, { granularity: 'sentence' });

/** What services are; `affected` stands for several statuses. */
const STATES: Readonly<Record<ServiceStatus | 'affected', string>> = {
  operational: 'operational',
  maintenance: 'in maintenance',
  degraded: 'degraded',
  partial: 'partly down',
  major: 'down',
  affected: 'affected',
};

/** The headline of a page, and the line below it. */
export function headlineWords(headline: Headline, reading: Reading): HeadlineWords {
  const { kind, groups, incident, total } = headline;
  switch (kind) {
    case 'nothing':
      return { text: 'Nothing is listed here yet', detail: '' };
    case 'calm':
      return {
        text: 'Everything works',
        detail: total === 1 ? 'The service is operational.' : `All ${services(total)} are operational.`,
      };
    case 'all':
      return { text: allOf(groups), detail: '' };
    case 'incident':
      return { text: cut(incident?.title ?? ''), detail: reported(headline) };
    case 'maintenance':
      return { text: underMaintenance(headline, reading), detail: line('Planned work.', othersOf(headline)) };
    case 'some':
      return affected(headline);
  }
}

type Groups = readonly HeadlineGroup[];

function affected(headline: Headline): HeadlineWords {
  const { groups, incident } = headline;
  const names = groups.flatMap((group) => group.names);
  const isFew = names.length <= 2;
  const byName = isFew ? told(groups, named, named) : told(groups, namedIfOne, more);
  const isLong = byName.length > LONGEST;
  const beside = maintenanceBeside(headline);
  return {
    text: isLong ? told(groups, counted, more) : byName,
    detail: isFew
      ? line(isLong ? listed(names) : '', firstSentence(incident?.description ?? ''), beside, othersOf(headline))
      : line(listed(names), beside),
  };
}

type Clause = (group: HeadlineGroup) => string;

/** The worst services, then the others. */
function told([lead, rest]: Groups, first: Clause, second: Clause): string {
  return [lead && first(lead), rest && second(rest)].filter((clause) => clause !== undefined).join(', ');
}

function named({ names, status }: HeadlineGroup): string {
  return `${lists.format(names)} ${be(names.length)} ${stateOf(status)}`;
}

function counted({ names, status }: HeadlineGroup): string {
  return `${services(names.length)} ${be(names.length)} ${stateOf(status)}`;
}

function namedIfOne(group: HeadlineGroup): string {
  return group.names.length === 1 ? named(group) : counted(group);
}

function more({ names, status }: HeadlineGroup): string {
  const count = names.length;
  return `${numbers.format(count)} more ${noun(count)} ${be(count)} ${stateOf(status)}`;
}

function allOf(groups: Groups): string {
  const status = groups[0]?.status ?? null;
  return status === 'major' ? 'Everything is down' : `All services are ${stateOf(status)}`;
}

function underMaintenance({ groups, until }: Headline, reading: Reading): HeadlineWords['text'] {
  const names = groups.flatMap((group) => group.names);
  const end = until === null ? '' : ` until ${timeOf(until, reading)}`;
  const byName = `${told(groups, named, named)}${end}`;
  return names.length <= 2 && byName.length <= LONGEST ? byName : `${told(groups, counted, counted)}${end}`;
}

/** Names of services under maintenance while others have a fault. */
function maintenanceBeside({ underMaintenance: names }: Headline): string {
  if (names.length === 0) return '';
  return names.length <= 2
    ? `${named({ names, status: 'maintenance' })}.`
    : `${counted({ names, status: 'maintenance' })}.`;
}

function othersOf({ others }: Headline): string {
  if (others === 0) return '';
  return others === 1 ? 'The other service works normally.' : `The other ${services(others)} work normally.`;
}

/** Of an incident that affects no service. */
function reported(headline: Headline): string {
  const { total, underMaintenance: names } = headline;
  if (total === 0) return '';
  return names.length > 0
    ? line(maintenanceBeside(headline), othersOf(headline))
    : 'All services are reported operational.';
}

function listed(names: readonly string[]): string {
  const rest = names.length - LISTED;
  const shown = rest > 0 ? [...names.slice(0, LISTED), `${numbers.format(rest)} more`] : names;
  return `${lists.format(shown)}.`;
}

/** The first sentence of a text in Markdown, if it is short enough to be repeated. */
function firstSentence(text: string): string {
  const [first] = sentences.segment(plainText(parseMarkdown(text)));
  const sentence = first?.segment.trim() ?? '';
  if (sentence === '' || sentence.length > LONGEST_SENTENCE) return '';
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** The time of day; with the date where that is another day. */
function timeOf(instant: string, { now, timeZone }: Reading): string {
  const date = new Intl.DateTimeFormat(LOCALE, { timeZone, day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat(LOCALE, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [then, today] = [new Date(instant), new Date(now)];
  const isToday = date.format(then) === date.format(today);
  return isToday ? time.format(then) : `${date.format(then)}, ${time.format(then)}`;
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).trimEnd()}…`;
}

function line(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

function services(count: number): string {
  return `${numbers.format(count)} ${noun(count)}`;
}

function noun(count: number): string {
  return plurals.select(count) === 'one' ? 'service' : 'services';
}

function be(count: number): string {
  return plurals.select(count) === 'one' ? 'is' : 'are';
}

function stateOf(status: ServiceStatus | null): string {
  return STATES[status ?? 'affected'];
}
