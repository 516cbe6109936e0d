// The strips: a native slider lies over the days of each service, so that keys, touch and screen readers come with it.
import { filled } from '../../text/fill.ts';
import { addressOf, hideCard, isCardOf, place, showCard } from './day-card.ts';
import { element } from './elements.ts';
import { barsOf, dayOf, spokenDay } from './strip-days.ts';
import { dayAtKey } from './strip-keys.ts';
import { words } from './texts.ts';

/** How long the card stays while the pointer is on its way to it, in milliseconds. */
const GRACE = 200;

let hiding: ReturnType<typeof setTimeout> | undefined;

/** Lays a slider over each strip that has none, and fits all of them to what is drawn. */
export function layStrips(): void {
  const all = strips();
  // Asked of one strip: they are all as long.
  const first = firstDrawn(all.find((strip) => strip.checkVisibility()));
  for (const strip of all) {
    const slider = sliderOf(strip) ?? newSlider(strip);
    slider.min = String(first);
    slider.max = String(barsOf(strip).length - 1);
    slider.setAttribute('aria-label', filled(words().strip.label, { name: strip.dataset.name ?? '' }));
    select(strip, Number(slider.value));
  }
}

export function startStrips(): void {
  layStrips();
  addEventListener('resize', () => {
    hideCard();
    layStrips();
  });
  addEventListener('scroll', place, { passive: true });
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') closeCard();
  });
}

function strips(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-strip]')];
}

function sliderOf(strip: HTMLElement): HTMLInputElement | null {
  return strip.querySelector<HTMLInputElement>('.scrub');
}

function newSlider(strip: HTMLElement): HTMLInputElement {
  const last = String(barsOf(strip).length - 1);
  const slider = element('input', { class: 'scrub', type: 'range', max: last, 'data-own': '' });
  slider.value = last;
  strip.append(slider);
  listen(strip, slider);
  return slider;
}

function listen(strip: HTMLElement, slider: HTMLInputElement): void {
  let pointed: number | undefined;
  let isDragging = false;
  const open = (index: number) => {
    clearTimeout(hiding);
    select(strip, index);
    showCard(strip, index);
  };
  // The slider itself would put the day beside the pointer, because its thumb is wider than a day.
  slider.addEventListener('input', () => open(isDragging && pointed !== undefined ? pointed : Number(slider.value)));
  slider.addEventListener('pointerdown', (event) => {
    isDragging = true;
    pointed = dayAt(strip, event.clientX);
  });
  for (const end of ['pointerup', 'pointercancel'] as const) {
    slider.addEventListener(end, () => {
      if (isDragging && pointed !== undefined) open(pointed);
      isDragging = false;
    });
  }
  strip.addEventListener('pointermove', (event) => {
    if (event.target !== slider) return;
    pointed = dayAt(strip, event.clientX);
    if (isDragging || event.pointerType === 'mouse') open(pointed);
  });
  strip.addEventListener('pointerenter', () => clearTimeout(hiding));
  strip.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType === 'mouse' && !strip.contains(document.activeElement)) hideSoon();
  });
  slider.addEventListener('focus', () => {
    if (slider.matches(':focus-visible')) open(Number(slider.value));
  });
  strip.addEventListener('focusout', ({ relatedTarget }) => {
    const isWithin = relatedTarget instanceof Node && strip.contains(relatedTarget);
    if (!isWithin && isCardOf(strip)) hideSoon();
  });
  slider.addEventListener('keydown', (event) => {
    if (press(event, strip, slider)) event.preventDefault();
  });
}

function hideSoon(): void {
  clearTimeout(hiding);
  hiding = setTimeout(hideCard, GRACE);
}

/** Closes the card. The focus stays on the strip. */
function closeCard(): void {
  const strip = strips().find(isCardOf);
  if (!strip) return;
  if (document.activeElement?.closest('.day')) sliderOf(strip)?.focus();
  clearTimeout(hiding);
  hideCard();
}

/** Whether the key means something here. */
function press(event: KeyboardEvent, strip: HTMLElement, slider: HTMLInputElement): boolean {
  const { key, altKey, ctrlKey, metaKey } = event;
  const index = Number(slider.value);
  if (ctrlKey || metaKey) return false;
  if (key === 'Enter') {
    location.assign(addressOf(dayOf(strip, index), strip));
    return true;
  }
  if (altKey)
    return (key === 'ArrowUp' || key === 'ArrowDown') && toNeighbour(strip, index, key === 'ArrowUp' ? -1 : 1);
  const next = dayAtKey(key, index, {
    first: Number(slider.min),
    last: Number(slider.max),
    isLeftToRight: isLeftToRight(strip),
  });
  if (next === undefined) return false;
  clearTimeout(hiding);
  select(strip, next);
  showCard(strip, next);
  return true;
}

/** To the same day of the service before or after, among those that are seen. */
function toNeighbour(strip: HTMLElement, index: number, step: 1 | -1): boolean {
  const seen = strips().filter((other) => other.checkVisibility());
  const neighbour = seen[seen.indexOf(strip) + step];
  const slider = neighbour && sliderOf(neighbour);
  if (!neighbour || !slider) return true;
  select(neighbour, index);
  slider.focus();
  showCard(neighbour, index);
  return true;
}

function select(strip: HTMLElement, index: number): void {
  const slider = sliderOf(strip);
  if (!slider) return;
  slider.value = String(index);
  const spoken = spokenDay(strip, Number(slider.value));
  if (slider.getAttribute('aria-valuetext') !== spoken) slider.setAttribute('aria-valuetext', spoken);
}

/** Narrow windows show fewer days. */
function firstDrawn(strip: HTMLElement | undefined): number {
  const bars = strip ? barsOf(strip) : [];
  const first = bars.findIndex((bar) => getComputedStyle(bar).display !== 'none');
  return Math.max(first, 0);
}

function dayAt(strip: HTMLElement, x: number): number {
  const first = Number(sliderOf(strip)?.min ?? 0);
  const { left, width } = strip.querySelector('.days')?.getBoundingClientRect() ?? strip.getBoundingClientRect();
  const count = barsOf(strip).length - first;
  const place = Math.min(Math.max(Math.floor(((x - left) / width) * count), 0), count - 1);
  return first + (isLeftToRight(strip) ? place : count - 1 - place);
}

function isLeftToRight(strip: HTMLElement): boolean {
  return getComputedStyle(strip.querySelector('.days') ?? strip).direction === 'ltr';
}
