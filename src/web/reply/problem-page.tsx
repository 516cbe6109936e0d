// The pages of problems: small, without script and forms, and the same for what is private and for what is not there.
import { renderToString } from 'preact-render-to-string';
import type { Reader } from '../../http/browsers/reader.ts';
import type { ProblemPage, ShownProblem } from '../../http/send.ts';
import { formatsFor } from '../../text/formats.ts';
import { LANGUAGES, wordsOf } from '../../text/words/languages.ts';
import type { Words } from '../../text/words/words.ts';

interface Terms {
  /** The address of the stylesheet of all pages. */
  readonly stylesheet: string;
  /** Whether there are accounts: what is not public opens after signing in. */
  readonly hasAccounts: boolean;
}

export function createProblemPage(terms: Terms): ProblemPage {
  return (problem, reader) =>
    `<!doctype html>${renderToString(<ProblemDocument problem={problem} reader={reader} terms={terms} />)}`;
}

interface Props {
  readonly problem: ShownProblem;
  readonly reader: Reader;
  readonly terms: Terms;
}

function ProblemDocument({ problem, reader: { language, theme }, terms }: Props) {
  const words = wordsOf(language ?? LANGUAGES[0]);
  const { status, members } = problem;
  const advice = adviceFor(problem, words);
  const { title, text } = told(problem, words);
  const lastSeen = members?.lastSeen;
  const withdrawnAt = members?.withdrawnAt;
  const opensAfterSigningIn = terms.hasAccounts && [401, 403, 404].includes(status);
  return (
    <html lang={words.language} dir={words.direction} {...(theme ? { 'data-theme': theme } : {})}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="stylesheet" href={terms.stylesheet} />
      </head>
      <body>
        <main class="problem">
          <p class="problem-status">{status}</p>
          <h1>{title}</h1>
          <p>{text}</p>
          {typeof withdrawnAt === 'string' && <p>{words.problem.withdrawnOn(dateOf(withdrawnAt, words))}</p>}
          {advice !== undefined && <p>{advice}</p>}
          {opensAfterSigningIn && <p>{words.problem.signInHint}</p>}
          <p class="problem-links">
            {typeof lastSeen === 'string' && <a href={lastSeen}>{words.problem.lastSeen}</a>}
            <a href="/">{words.problem.toStatus}</a>
            {opensAfterSigningIn && <a href="/sign-in">{words.problem.signIn}</a>}
          </p>
          {status >= 500 && <p class="problem-reference">{words.problem.reference(problem.reference)}</p>}
        </main>
      </body>
    </html>
  );
}

function told({ problem, status }: ShownProblem, { problem: words }: Words): { title: string; text: string } {
  const isOfRole = status !== 403 || problem === 'forbidden';
  if (!(status in words.titles) || !isOfRole) return words.refused;
  const known = status as keyof typeof words.titles;
  return { title: words.titles[known], text: words.texts[known] };
}

/** When to try again, where that helps. */
function adviceFor({ status, headers }: ShownProblem, { problem: words }: Words): string | undefined {
  const wait = Number(headers?.['Retry-After']);
  if (wait > 0) return words.tryAgainIn(wait);
  return [429, 500, 503].includes(status) ? words.tryAgainSoon : undefined;
}

/** In UTC: the page of a problem names no organisation, whose clock it could be. */
function dateOf(instant: string, words: Words): string {
  return formatsFor(words, 'UTC').fullDate(instant);
}
