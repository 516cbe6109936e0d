// The languages that pages speak.
import { de } from './de.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';

/** In the order in which a page offers them. The first one is that of pages which nobody has chosen a language for. */
export const LANGUAGES = ['en', 'de'] as const;

/** BCP 47, without region or script. */
export type Language = (typeof LANGUAGES)[number];

/** The language there is for a BCP 47 tag: `de` for `de-AT`. */
export function languageOf(tag: string): Language | undefined {
  const [primary = ''] = tag.toLowerCase().split('-', 1);
  return LANGUAGES.find((language) => language === primary);
}

const WORDS: Readonly<Record<Language, Words>> = { en, de };

export function wordsOf(language: Language): Words {
  return WORDS[language];
}
