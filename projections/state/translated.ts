// What an entity keeps of the translations of its texts, and how it shows them.
import type { Translations } from '../events/translations.ts';

/**
 * The translations after an event; `null` without any. Those that came with it replace all others. A text that changes
 * without them drops them: an edited falsehood must not survive in another language.
 */
export function translationsAfter(
  before: Translations | null,
  { sent, isRetold }: { readonly sent: Translations | undefined; readonly isRetold: boolean },
): Translations | null {
  if (sent === undefined) return isRetold ? null : before;
  return Object.keys(sent).length === 0 ? null : sent;
}

/** As the entity shows them: not at all without any. */
export function shownTranslations(translations: Translations | null): { readonly translations?: Translations } {
  return translations === null ? {} : { translations };
}

/** The translations of what has a name and a description, after an event that changes these. */
export function retold(
  before: { readonly translations: Translations | null },
  data: { readonly name?: string; readonly description?: string; readonly translations?: Translations },
): { readonly translations: Translations | null } {
  const isRetold = data.name !== undefined || data.description !== undefined;
  return { translations: translationsAfter(before.translations, { sent: data.translations, isRetold }) };
}
