// Instants by the reader's clock, and what changes with time alone: "4 minutes ago", "1 h 47 min", "in 28 min".
import { filled } from '../../text/fill.ts';
import type { Formats } from '../../text/formats.ts';
import { now } from './clock.ts';
import { nextTick, type RelativeKind, relativeText } from './relative.ts';
import { formatsIn, words } from './texts.ts';
import { organizationZone, readerZone } from './zone.ts';

const KINDS = ['ago', 'lasts', 'due'] as const satisfies readonly RelativeKind[];

/** Puts all times of the page, or of one that is about to be shown, as the reader reads them at this moment. */
export function showTimes(root: ParentNode): void {
  showInstants(root);
  showRelative(root);
  showClock(root);
}

function showClock(root: ParentNode): void {
  const time = formatsIn(readerZone()).time(new Date(now()).toISOString());
  for (const clock of root.querySelectorAll('[data-clock]')) put(clock, time);
}

function showInstants(root: ParentNode): void {
  const theirs = organizationZone();
  const own = readerZone();
  const formats = formatsIn(own);
  const asWritten = formatsIn(theirs);
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[data-format]')) {
    const { dateTime } = time;
    put(time, instantText(time, formats));
    const title = filled(words().zones.title, {
      moment: asWritten.moment(dateTime),
      place: asWritten.place,
      utc: asWritten.utc(dateTime),
    });
    if (time.title !== title) time.title = title;
  }
  for (const place of root.querySelectorAll<HTMLElement>('[data-place]')) {
    // The organisation's time was UTC, which is now beside that of the reader.
    const instant = Date.parse(place.dataset.place ?? '') ? place.dataset.place : undefined;
    const isBoth = instant !== undefined && formats.place !== 'UTC';
    put(place, isBoth ? besideMoment(instant, formats) : formats.place);
  }
}

/** "in Berlin · 09:42 UTC", after the moment. */
function besideMoment(instant: string, { place, utc }: Formats): string {
  return filled(words().zones.title, { moment: '', place, utc: utc(instant) }).trim();
}

function instantText({ dateTime, dataset: { format, to } }: HTMLTimeElement, formats: Formats): string {
  if (format === 'range' && to !== undefined) return formats.range(dateTime, to);
  const isOther = format === 'time' || format === 'date' || format === 'fullMoment';
  return isOther ? formats[format](dateTime) : formats.moment(dateTime);
}

function showRelative(root: ParentNode): void {
  const at = now();
  for (const kind of KINDS) {
    for (const element of root.querySelectorAll<HTMLElement>(`[data-${kind}]`)) {
      const instant = Date.parse(element.dataset[kind] ?? '');
      put(element, relativeText(kind, instant, at, words()));
      if (kind === 'due') element.classList.toggle('overdue', at - instant >= 60_000);
    }
  }
  for (const progress of root.querySelectorAll<HTMLProgressElement>('progress[data-from]')) {
    const from = Date.parse(progress.dataset.from ?? '');
    const to = Date.parse(progress.dataset.to ?? '');
    progress.max = 100;
    progress.value = Math.round(Math.min(Math.max((at - from) / (to - from), 0), 1) * 100);
  }
}

/** Changes the text only where it differs, so that a selection in it stays. */
function put(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** One timer for the whole page, which stands while nobody looks. On a page that is old, only the clock goes on. */
export function createTicker(isOld: () => boolean): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function tick(): void {
    clearTimeout(timer);
    if (document.hidden) return;
    showClock(document);
    if (!isOld()) showRelative(document);
    timer = setTimeout(tick, nextTick(instantsOf(document), now()));
  }
  document.addEventListener('visibilitychange', tick);
  tick();
  return tick;
}

/** The words of each change when it is a whole number of minutes away. A clock counts the minutes of every hour. */
function instantsOf(root: ParentNode): number[] {
  const clock = root.querySelector('[data-clock]') ? [0] : [];
  const named = KINDS.flatMap((kind) =>
    [...root.querySelectorAll<HTMLElement>(`[data-${kind}]`)].map(({ dataset }) => Date.parse(dataset[kind] ?? '')),
  );
  return [...clock, ...named];
}
