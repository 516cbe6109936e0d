// Texts in the language of a reader: a translation where there is one, else the main text.
import type { Translations } from '../events/translations.ts';

interface Translated {
  readonly translations?: Translations;
}

/** A copy with its texts, and those of its updates and its postmortem, in this language. */
export function inLanguage<T extends Translated>(shown: T, language: string | undefined): T {
  if (language === undefined) return shown;
  const nested = ['updates', 'postmortem'] as const;
  const own = { ...shown, ...textsIn(shown, language) } as Record<string, unknown>;
  for (const member of nested) {
    const value = own[member];
    if (Array.isArray(value)) own[member] = value.map((update) => ({ ...update, ...textsIn(update, language) }));
    else if (value) own[member] = { ...value, ...textsIn(value as Translated, language) };
  }
  return own as T;
}

/** The texts in this language, or else in the one that it is a kind of: `de` for `de-AT`. */
export function textsIn({ translations }: Translated, language: string): Translations[string] {
  const [general = ''] = language.split('-');
  return translations?.[language] ?? translations?.[general] ?? {};
}
