// Reads the code blocks of READMEs, and reads and replaces the generated text between two markers.
import { readFileSync, writeFileSync } from 'node:fs';

/** The code blocks of a README in one language, in order, without their fences. */
export function codeBlocks(file: string, language: string): readonly string[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...blocks].filter(([, named]) => named === language).map(([, , code = '']) => code);
}

/** The text between the markers of this name. */
export function markedText(file: string, name: string): string {
  const text = readFileSync(file, 'utf8');
  const { begin, end } = edges(text, name);
  return text.slice(begin, end);
}

/** Replaces the text between the markers of this name. */
export function writeMarkedText(file: string, name: string, content: string): void {
  const text = readFileSync(file, 'utf8');
  const { begin, end } = edges(text, name);
  writeFileSync(file, `${text.slice(0, begin)}${content}${text.slice(end)}`);
}

/** Where the text between the markers begins and ends. */
function edges(text: string, name: string): { readonly begin: number; readonly end: number } {
  const [opening, closing] = [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`];
  const [begin, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (begin < 0 || end < begin) throw new Error(`There is no marked block "${name}".`);
  return { begin: begin + opening.length, end };
}
