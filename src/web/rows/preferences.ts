// The row of what a reader chooses: the theme and the language of pages, each in a cookie, so that it works without script.
import { serialize } from 'cookie';
import type { Route } from '../../http/route.ts';
import { LANGUAGES } from '../../text/words/languages.ts';

/** How long a choice is remembered, in seconds: a year. */
const AGE = 365 * 24 * 3_600;

/** The largest form, in bytes. */
const LARGEST = 1_024;

const TYPE = 'application/x-www-form-urlencoded';

/** The fields of the form, the cookie of each, and the values that it can have. Any other value removes the cookie. */
const CHOICES = [
  { field: 'theme', cookie: 'theme', values: ['light', 'dark'] },
  { field: 'language', cookie: 'lang', values: LANGUAGES },
] as const;

/** `isHttps`: whether people reach the server over https. */
export function preferencesRow({ isHttps }: { readonly isHttps: boolean }): Route {
  const written = (name: string, value: string, maxAge: number) =>
    serialize(name, value, { maxAge, path: '/', sameSite: 'lax', secure: isHttps });

  return {
    method: 'post',
    path: '/preferences',
    operationId: 'setPreferences',
    tag: 'pages',
    summary: 'Remember the theme and the language that a reader of pages chooses, in cookies',
    description:
      'A field that is missing changes nothing; an unknown value, such as an empty one, forgets the choice. `back` is the path to return to.',
    access: 'anyone',
    form: true,
    rawBody: { types: [TYPE], bytes: LARGEST, example: { type: TYPE, text: 'theme=dark&language=de&back=/' } },
    success: { status: 303, description: 'Leads back to the page' },
    problems: [],
    handle({ sent }) {
      const form = new URLSearchParams(sent?.bytes.toString() ?? '');
      const cookies = CHOICES.flatMap(({ field, cookie, values }) => {
        const chosen = form.get(field);
        if (chosen === null) return [];
        const value = values.find((each) => each === chosen);
        return [value === undefined ? written(cookie, '', 0) : written(cookie, value, AGE)];
      });
      return { status: 303, headers: { Location: pathOf(form.get('back') ?? '/') }, cookies };
    },
  };
}

/** Of which origin the path is does not matter, as long as it stays there. */
const HERE = 'http://localhost';

/** The path of this server that a form leads back to. The language in its query would win over the chosen one. */
function pathOf(back: string): string {
  if (!back.startsWith('/') || !URL.canParse(back, HERE)) return '/';
  const { origin, pathname, search, hash } = withoutLanguage(new URL(back, HERE));
  // A path can begin with two slashes only after it was normalised, as that of `/.//other.example`.
  return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : '/';
}

function withoutLanguage(url: URL): URL {
  if (url.searchParams.has('lang')) url.searchParams.delete('lang');
  return url;
}
