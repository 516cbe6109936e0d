// What a page of an organisation is called.
import type { Words } from '../../text/words/words.ts';

/** "Acme Cloud status". A page that is called a status already is not called one twice. */
export function pageName(name: string, words: Words): string {
  return /\bstatus\b/i.test(name) ? name : words.frame.statusOf(name);
}
