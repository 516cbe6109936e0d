// The card of one day of a strip: its hours, what they add up to, and what there is to read about it. There is one card,
// which stands after the slider of its strip, so that its links come next.
import { filled } from '../../text/fill.ts';
import type { DayStatus } from '../../text/words/words.ts';
import { barOf, MARKED_HOURS, markOf } from '../hours.ts';
import { drawing, element } from './elements.ts';
import { barsOf, dayOf, type Hours, type StripDay } from './strip-days.ts';
import { formatsIn, words } from './texts.ts';

const MINUTES = 1_440;
/** The least distance from the edges of the window, and from the bar, in pixels. */
const DISTANCE = 8;

const card = element('article', { class: 'day', popover: 'manual', 'data-own': '' });

let shown: { readonly strip: HTMLElement; readonly index: number } | undefined;

/** Shows the card of this day, in place of another one. */
export function showCard(strip: HTMLElement, index: number): void {
  const isShown = shown?.strip === strip && shown.index === index && card.isConnected;
  if (isShown) return;
  hideCard();
  shown = { strip, index };
  const day = dayOf(strip, index);
  card.replaceChildren(...contentOf(day, strip));
  card.setAttribute('aria-label', day.name);
  strip.querySelector('.scrub')?.after(card);
  barsOf(strip)[index]?.classList.add('on');
  card.showPopover?.();
  place();
}

export function hideCard(): void {
  if (!shown) return;
  for (const bar of shown.strip.querySelectorAll('.on')) {
    bar.classList.remove('on');
    // So that the page is again as the server made it.
    if (bar.className === '') bar.removeAttribute('class');
  }
  shown = undefined;
  card.remove();
}

export function isCardOf(strip: HTMLElement): boolean {
  return shown?.strip === strip;
}

/** Draws the card again, after the page has changed. */
export function renewCard(): void {
  if (!shown) return;
  const { strip, index } = shown;
  const hasFocus = card.contains(document.activeElement);
  if (!strip.isConnected || hasFocus) return;
  hideCard();
  showCard(strip, index);
}

/** Above its bar if there is room, otherwise below it, and always within the window. */
export function place(): void {
  if (!shown) return;
  const bar = barsOf(shown.strip)[shown.index]?.getBoundingClientRect();
  if (!bar) return;
  const days = shown.strip.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth, offsetHeight } = card;
  const middle = bar.left + bar.width / 2 - offsetWidth / 2;
  const left = Math.max(DISTANCE, Math.min(middle, clientWidth - offsetWidth - DISTANCE));
  const above = days.top - offsetHeight - DISTANCE;
  const below = Math.min(days.bottom + DISTANCE, clientHeight - offsetHeight - DISTANCE);
  card.style.setProperty('left', `${left}px`);
  card.style.setProperty('top', `${above >= DISTANCE ? above : below}px`);
}

function contentOf(day: StripDay, strip: HTMLElement): Node[] {
  const head = element('header', {}, [element('span', {}, [day.name]), element('span', {}, [day.uptime])]);
  const ribbon = day.status === 'none' ? [] : [hoursOf(day), scale()];
  return [head, ...ribbon, spent(day), footer(day, strip)];
}

function hoursOf({ hours }: StripDay): Node {
  const { strip, statuses } = words();
  const told = hours.map(({ from, to, status }) =>
    filled(strip.span, { status: statuses[status], from: clock(from), to: clock(to) }),
  );
  const whole = drawing('rect', barOf(0, 1, 'operational'));
  const bars = hours.map(({ from, to, status }) => drawing('rect', barOf(from / MINUTES, to / MINUTES, status)));
  const label = told.length === 0 ? statuses.operational : told.join(', ');
  return drawing('svg', { class: 'hours', role: 'img', 'aria-label': label }, [whole, ...bars]);
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function scale(): Node {
  const marks = MARKED_HOURS.map((hour) => drawing('text', markOf(Number(hour) / 24), [hour]));
  return drawing('svg', { class: 'scale', 'aria-hidden': 'true' }, marks);
}

/** How long the day was in each state; the state alone if it was in one all day. */
function spent({ hours, status }: StripDay): Node {
  const minutes = minutesByStatus(hours);
  const { duration } = formatsIn('UTC');
  const rows =
    minutes.size === 0 ? [[status, ''] as const] : [...minutes].map(([of, sum]) => [of, duration(sum * 60)] as const);
  return element(
    'dl',
    { class: 'spent' },
    rows.flatMap(([of, length]) => [
      element('dt', { class: of }, [glyph(of)]),
      element('dd', {}, [words().statuses[of]]),
      element('dd', {}, [length]),
    ]),
  );
}

function minutesByStatus(hours: readonly Hours[]): ReadonlyMap<DayStatus, number> {
  const sums = new Map<DayStatus, number>();
  for (const { from, to, status } of hours) sums.set(status, (sums.get(status) ?? 0) + to - from);
  return sums;
}

function glyph(status: DayStatus): Node {
  const shape = status === 'none' ? 'unknown' : status;
  return drawing('svg', { class: 'glyph', 'aria-hidden': 'true' }, [drawing('use', { href: `#${shape}` })]);
}

function footer(day: StripDay, strip: HTMLElement): Node {
  const links = [...day.links, [addressOf(day, strip), words().strip.details] as const];
  return element(
    'footer',
    {},
    links.map(([href, text]) => element('a', { href }, [text])),
  );
}

/** Of the day on the page of its service. */
export function addressOf({ date }: StripDay, strip: HTMLElement): string {
  return `${strip.dataset.service ?? ''}#day-${date}`;
}
