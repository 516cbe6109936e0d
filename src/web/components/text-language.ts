// In which language a text of the organisation is, where that is not the language of the page.
import type { Translations } from '../../../projections/events/translations.ts';
import { textsIn } from '../../../projections/selectors/localized.ts';
import { languageOf } from '../../text/words/languages.ts';
import type { Reading } from '../reply/reading.ts';

interface Told {
  readonly translations?: Translations;
}

/** The value of `lang` for the element with the text that this member of the entity holds. */
export function textLanguage(told: Told, member: string, { words, ownLanguage }: Reading): string | undefined {
  const isTranslated = textsIn(told, words.language)[member] !== undefined;
  return isTranslated || languageOf(ownLanguage) === words.language ? undefined : ownLanguage;
}
