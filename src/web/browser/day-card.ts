// The card of one day of a strip: its hours, what they add up to, and what there is to read about it. There is one card,
// which stands after the slider of its strip, so that its links come next.
import type { DayRibbon, RibbonSpan } from '../../../projections/selectors/day-ribbon.ts';
import { filled } from '../../text/fill.ts';
import type { DayStatus } from '../../text/words/words.ts';
import { hourBars, hourMarks, lastedIn } from '../hours.ts';
import { now } from './clock.ts';
import { dayHours } from './day-hours.ts';
import { drawing, element } from './elements.ts';
import { barsOf, dayOf, type StripDay } from './strip-days.ts';
import { formatsIn, words } from './texts.ts';
import { organizationZone } from './zone.ts';

/** The least distance from the edges of the window, and from the bar, in pixels. */
const DISTANCE = 8;

const card = element('article', { class: 'day', popover: 'manual', 'data-own': '' });

/** A page that is not live was as it is at least until it was loaded. */
const loadedAt = now();

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
  const zone = organizationZone();
  const hours = dayHours(day, { zone, made: document.body.dataset.now ?? '', heldAt: heldAt() });
  const told = hours.spans.filter(([, , status]) => status !== 'operational');
  const ribbon = day.status === 'none' ? [] : [drawnHours(hours, told, zone), scale(hours, zone)];
  return [head, ...ribbon, spent(told, day), footer(day, strip)];
}

/** Until when the page is known to hold; a page of the past holds for its own moment. */
function heldAt(): number {
  const { live, until } = document.body.dataset;
  if (until === undefined) return 0;
  return live === undefined || document.documentElement.dataset.connection === 'stale' ? loadedAt : now();
}

function drawnHours(day: DayRibbon, told: readonly RibbonSpan[], zone: string): Node {
  const { strip, statuses } = words();
  const { time } = formatsIn(zone);
  const spans = told.map(([from, to, status]) =>
    filled(strip.span, { status: statuses[status], from: time(from), to: to === day.to ? '24:00' : time(to) }),
  );
  const label = spans.length === 0 ? statuses.operational : spans.join(', ');
  const bars = hourBars(day).map((bar) => drawing('rect', bar));
  return drawing('svg', { class: 'hours', role: 'img', 'aria-label': label }, bars);
}

function scale(day: DayRibbon, zone: string): Node {
  const marks = hourMarks(day, zone).map(({ hour, place: at }) => drawing('text', at, [hour]));
  return drawing('svg', { class: 'scale', 'aria-hidden': 'true' }, marks);
}

/** How long the day was in each state; the state alone if it was in one all day. */
function spent(told: readonly RibbonSpan[], { status }: StripDay): Node {
  const { duration } = formatsIn('UTC');
  const lasted = [...lastedIn(told)].map(([of, seconds]) => [of, duration(seconds)] as const);
  const rows = lasted.length === 0 ? [[status, ''] as const] : lasted;
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
