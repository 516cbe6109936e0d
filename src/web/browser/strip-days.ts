// What the page says of the days of a strip, read from its attributes.
import { filled } from '../../text/fill.ts';
import type { DayStatus } from '../../text/words/words.ts';
import { formatsIn, words } from './texts.ts';

/** From and to in seconds since the day began, and the status in between. */
type StripSpan = readonly [from: number, to: number, status: DayStatus];

export interface StripDay {
  /** `2026-11-27` */
  readonly date: string;
  /** "Friday 27 November" */
  readonly name: string;
  /** "partly down 18 min, degraded 42 min, 99.62 %" */
  readonly text: string;
  readonly status: DayStatus;
  /** Only what was not operational. */
  readonly spans: readonly StripSpan[];
  readonly links: readonly (readonly [address: string, title: string])[];
  /** "99.62 %"; may be empty. */
  readonly uptime: string;
  /** Milliseconds since the epoch: from when on its service counts, if that is on a day of the strip. */
  readonly listedAt?: number | undefined;
}

/** As it stands in the page, of a day that was not like most. */
type Exception = readonly [
  index: number,
  text: string,
  spans: readonly (readonly [from: number, to: number, letter: string])[],
  links: StripDay['links'],
  uptime: string,
];

const STATUSES: Readonly<Record<string, DayStatus>> = {
  m: 'maintenance',
  d: 'degraded',
  p: 'partial',
  x: 'major',
  n: 'none',
};

const DAY = 86_400_000;

export function barsOf(strip: HTMLElement): HTMLElement[] {
  return [...strip.querySelectorAll<HTMLElement>('.days > i')];
}

/** The day at this place; 0 is the oldest. */
export function dayOf(strip: HTMLElement, index: number): StripDay {
  const bars = barsOf(strip);
  const daysAgo = bars.length - 1 - index;
  const date = new Date(Date.parse(strip.dataset.last ?? '') - daysAgo * DAY).toISOString().slice(0, 10);
  const status = statusOf(bars[index]);
  const [, text, spans = [], links = [], uptime = ''] = exceptionsOf(strip).find(([of]) => of === index) ?? [];
  return {
    date,
    name: formatsIn('UTC').dayOf(date),
    text: text ?? words().statusesWithin[status],
    status,
    spans: spans.map(([from, to, letter]) => [from, to, STATUSES[letter] ?? 'operational']),
    links,
    uptime,
    listedAt: strip.dataset.since === undefined ? undefined : Date.parse(strip.dataset.since),
  };
}

/** What a screen reader hears of the day. */
export function spokenDay(strip: HTMLElement, index: number): string {
  const { name, text } = dayOf(strip, index);
  const isLast = index === barsOf(strip).length - 1;
  return filled(words().strip.day, { date: isLast ? words().strip.today : name, text });
}

function statusOf(bar: HTMLElement | undefined): DayStatus {
  const letter = Object.keys(STATUSES).find((name) => bar?.classList.contains(name));
  return STATUSES[letter ?? ''] ?? 'operational';
}

function exceptionsOf({ dataset }: HTMLElement): readonly Exception[] {
  return JSON.parse(dataset.days ?? '[]') as Exception[];
}
