// Texts in other languages, as clients send them, and what an event records of them.
import * as z from 'zod';
import type { Translations } from '../../projections/events/translations.ts';
import { isSame } from './fields.ts';

const MAX_LANGUAGES = 20;

/** The schemas of the texts that can be translated, by member. */
type Texts = Readonly<Record<string, z.ZodType<string>>>;

/**
 * The schema of `translations` in a body: for each language, some of these texts. The languages come out in the
 * canonical form of their tags, so that `de-at` and `de-AT` are one language.
 */
export function translationsField(texts: Texts) {
  const ofLanguage = z
    .strictObject(texts)
    .partial()
    .refine((sent) => Object.keys(sent).length > 0, 'must have a text');
  return z
    .record(z.string(), ofLanguage)
    .refine((sent) => Object.keys(sent).length <= MAX_LANGUAGES, `must have no more than ${MAX_LANGUAGES} languages`)
    .transform((sent, { addIssue }): Translations => {
      const canonical = new Map<string, Translations[string]>();
      for (const [tag, translated] of Object.entries(sent)) {
        const language = canonicalTag(tag);
        if (language === undefined)
          addIssue({ code: 'custom', path: [tag], message: 'must be a language tag, like de' });
        else if (canonical.has(language))
          addIssue({ code: 'custom', path: [tag], message: `is the same as ${language}` });
        else canonical.set(language, translated as Translations[string]);
      }
      return Object.fromEntries(canonical);
    })
    .describe('The texts in other languages, by language tag (BCP 47). Replaces all that there were');
}

/**
 * What an event records of changed texts and of the translations that came with them; `undefined` if neither changes
 * anything. Translations that came with a changed text are recorded even if they stay the same: a text that changes
 * without them drops them.
 */
export function withTranslations<T extends object>(
  described: T | undefined,
  current: Translations | null,
  sent: Translations | undefined,
): (T & { translations?: Translations }) | { translations: Translations } | undefined {
  if (sent === undefined) return described;
  if (described) return { ...described, translations: sent };
  return isSame(sent, current ?? {}) ? undefined : { translations: sent };
}

function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
