// Who reads a page: in which language, and in which colours. Read strictly and reduced to what there is, so that a page
// has few different answers, whatever browsers send.
import type { IncomingHttpHeaders } from 'node:http';
import { parse } from 'cookie';
import * as z from 'zod';
import { RecentMap } from '../../bounds/recent-map.ts';
import { type Language, languageOf } from '../../text/words/languages.ts';

type Theme = 'light' | 'dark';

/** What a reader has chosen, or their browser for them. */
export interface Reader {
  /** Without one, the page speaks the language of its organisation. */
  readonly language?: Language | undefined;
  /** Without one, the page follows the system. */
  readonly theme?: Theme | undefined;
}

/** The query parameter of every page. */
export const readerFields = {
  lang: z.string().exactOptional().describe('Show the page in this language, if there is one for this BCP 47 tag'),
};

/** Who reads a page that was asked for with these headers and this `lang` in the query. */
export function readerOf(headers: IncomingHttpHeaders, lang?: unknown): Reader {
  const { cookie } = headers;
  const chosen = cookie === undefined ? NOBODY : chosenIn(cookie);
  const language = languageIn(lang) ?? chosen.language ?? acceptedLanguage(headers['accept-language']);
  return { language, theme: chosen.theme };
}

/** The same text for readers who get the same page. */
export function readerKey({ language, theme }: Reader): string {
  return `${language ?? ''}-${theme ?? ''}`;
}

const NOBODY: Reader = {};

/** Longer headers are read anew each time, in characters. */
const LONGEST_KEPT = 200;

function languageIn(lang: unknown): Language | undefined {
  return typeof lang === 'string' ? languageOf(lang) : undefined;
}

/** Of recent `Cookie` headers: those of readers who have nothing but their choices are the same few. */
const chosenBefore = new RecentMap<string, Reader>(1_000);

function chosenIn(header: string): Reader {
  const known = chosenBefore.get(header);
  if (known) return known;
  const chosen = readCookies(header);
  if (header.length <= LONGEST_KEPT) chosenBefore.set(header, chosen);
  return chosen;
}

/** What the cookies say. Only values that the server itself sets count. */
function readCookies(header: string): Reader {
  const cookies = parse(header, { decode: (value) => value });
  const { lang = '', theme } = cookies;
  const language = languageOf(lang);
  return {
    language: language === lang ? language : undefined,
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
  };
}

/** Of recent `Accept-Language` headers: most of them are the same few. */
const accepted = new RecentMap<string, Language | 'none'>(1_000);

/** The language there is that an `Accept-Language` header likes best. `*` stands for none. */
function acceptedLanguage(header: string | undefined): Language | undefined {
  if (header === undefined) return undefined;
  const known = accepted.get(header);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const language = bestLanguage(header);
  if (header.length <= LONGEST_KEPT) accepted.set(header, language ?? 'none');
  return language;
}

function bestLanguage(header: string): Language | undefined {
  const ranges = header.split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    return { language: languageOf(tag), weight: weightIn(parameters) };
  });
  const possible = ranges.filter(({ language, weight }) => language !== undefined && weight > 0);
  return possible.sort((one, other) => other.weight - one.weight)[0]?.language;
}

/** The weight (`q`) among the parameters of a range: 1 without one, and 0 if it is malformed. */
function weightIn(parameters: readonly string[]): number {
  const [, weight] = parameters.map((parameter) => /^q=(.*)$/i.exec(parameter)).find((found) => found) ?? [];
  if (weight === undefined) return 1;
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
}
