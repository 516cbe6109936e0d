// Groups that the reader has opened or closed stay so, but none stays closed over a fault.
import { keep, kept } from './reader.ts';

/** Other details are opened for once: those of an incident are never seen again. */
const GROUPS = 'details[data-key^="group:"]';

/** The keys of the groups that had a fault when they were last looked at. */
let affected = new Set<string>();

function groups(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>(GROUPS)];
}

export function startGroups(): void {
  for (const group of groups()) {
    const choice = kept(keyOf(group));
    if (choice === null) continue;
    group.open = choice === 'open' || isAffected(group);
  }
  openNewlyAffected();
  // A click on the summary, and Enter on it: what the script opens is no choice of the reader.
  document.addEventListener('click', ({ target }) => {
    const summary = target instanceof Element ? target.closest('summary') : null;
    const group = summary?.parentElement;
    if (group instanceof HTMLDetailsElement && group.matches(GROUPS)) {
      keep(keyOf(group), group.open ? 'closed' : 'open');
    }
  });
}

/** A fault that was not there before opens its group. */
export function openNewlyAffected(): void {
  const now = groups().filter(isAffected);
  for (const group of now) if (!affected.has(keyOf(group))) group.open = true;
  affected = new Set(now.map(keyOf));
}

function keyOf({ dataset }: HTMLDetailsElement): string {
  return dataset.key ?? '';
}

function isAffected({ dataset }: HTMLDetailsElement): boolean {
  return dataset.affected !== undefined;
}
