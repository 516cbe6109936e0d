// What a refresh has changed, shown for a moment and said once.
import { tellAbove } from './new-above.ts';
import { grammar, words } from './texts.ts';

/** How long a changed service is marked, in milliseconds. */
const MARKED = 2_000;
/** How long a headline must stand before it is said, in milliseconds. */
const SETTLED = 2_000;

/** By the address of the service, or its name where it has no link. */
type States = ReadonlyMap<string, string>;

export interface Seen {
  readonly headline: string;
  readonly states: States;
}

export function seen(): Seen {
  const states = rows().map((row) => [keyOf(row), textOf(row.querySelector('.state'))] as const);
  return { headline: headline(), states: new Map(states) };
}

let announcing: ReturnType<typeof setTimeout> | undefined;
let said = '';

/** Marks and says what is other than it was. `missed` is how many changes came while nobody looked. */
export function tellChanges(before: Seen, missed: number): void {
  const changed = rows().filter((row) => {
    const earlier = before.states.get(keyOf(row));
    return earlier !== undefined && earlier !== textOf(row.querySelector('.state'));
  });
  for (const row of changed) mark(row);
  if (headline() !== before.headline) tellAbove(headline());
  if (missed > 0) announce(grammar().count(missed, words().changesWhileAway));
  else if (headline() !== before.headline) announceHeadline(before.headline);
}

function mark(row: Element): void {
  row.classList.add('changed');
  setTimeout(() => row.classList.remove('changed'), MARKED);
}

function announceHeadline(before: string): void {
  if (announcing === undefined) said = before;
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    announcing = undefined;
    if (headline() !== said) announce(headline());
  }, SETTLED);
}

/** Says a sentence to those who listen to the page. */
export function announce(sentence: string): void {
  const place = document.querySelector('[data-announce]');
  if (place) place.textContent = sentence;
}

function headline(): string {
  return textOf(document.querySelector('#headline'));
}

function rows(): Element[] {
  return [...document.querySelectorAll('.service, .tile')];
}

function keyOf(row: Element): string {
  return row.querySelector('a')?.getAttribute('href') ?? textOf(row.querySelector('b'));
}

function textOf(element: Element | null): string {
  return element?.textContent ?? '';
}
