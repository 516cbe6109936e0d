// A language for tests: each text of a catalogue is marked, 40 % longer, and written from right to left.
import type { Words } from '../../src/text/words/words.ts';

/** What is not a text, and the shapes of dates, which Intl fills. */
const KEPT = new Set(['language', 'locale', 'direction', 'name', 'format']);
const LONGER = 0.4;
const LETTERS = 'אבגדהוזחט';

/** The catalogue with the texts of another one in disguise: "⟦Services אבגד⟧". */
export function pseudoWords(words: Words): Words {
  return { ...(disguise(words) as Words), language: 'ar-XB', name: 'Pseudo', direction: 'rtl' };
}

/** The text as the catalogue says it: longer by letters of a script from right to left, placeholders untouched. */
export function pseudo(text: string): string {
  const length = Math.ceil(text.length * LONGER);
  const letters = LETTERS.repeat(Math.ceil(length / LETTERS.length)).slice(0, length);
  return `⟦${text} ${letters}⟧`;
}

function disguise(value: unknown): unknown {
  if (typeof value === 'string') return pseudo(value);
  if (typeof value === 'function') return (...given: unknown[]) => disguise(value(...given));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, KEPT.has(key) ? part : disguise(part)]));
}
