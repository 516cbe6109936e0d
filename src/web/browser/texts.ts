// What the script says, in the language of the page. The page carries it.
import { type Formats, formatsFor } from '../../text/formats.ts';
import { type Grammar, grammarOf } from '../../text/grammar.ts';
import type { ScriptWords } from '../../text/words/words.ts';

let read: { readonly json: string; readonly words: ScriptWords } | undefined;

export function words(): ScriptWords {
  const json = document.body.dataset.texts ?? '{}';
  if (read?.json !== json) read = { json, words: JSON.parse(json) as ScriptWords };
  return read.words;
}

export function formatsIn(timeZone: string): Formats {
  return formatsFor(words(), timeZone);
}

export function grammar(): Grammar {
  return grammarOf(words().locale);
}
