// The languages that pages speak.
import { de } from './de.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';

/** A further language is a file beside these two, and its name here. */
const WORDS = { en, de } as const satisfies Record<string, Words>;

/** BCP 47, without region or script. */
export type Language = keyof typeof WORDS;

/** In the order in which a page offers them. The first one is that of pages which nobody has chosen a language for. */
export const LANGUAGES = Object.keys(WORDS) as [Language, ...Language[]];

export function wordsOf(language: Language): Words {
  return WORDS[language];
}

/** The language there is for a BCP 47 tag: `de` for `de-AT`. */
export function languageOf(tag: string): Language | undefined {
  const [primary = ''] = tag.toLowerCase().split('-', 1);
  return LANGUAGES.find((language) => language === primary);
}
