// What can be wrong with a log, by name, and the sentence of each for operators. Pages tell it in the languages of readers.
import type { ChainHead } from './chain.ts';

/** What can be wrong with an export. */
export type ExportProblem =
  | { readonly name: 'line'; readonly line: number }
  | { readonly name: 'cut'; readonly line: number }
  | { readonly name: 'order'; readonly after: number }
  | { readonly name: 'clock'; readonly recordedAt: string; readonly before: string }
  | { readonly name: 'text' }
  | { readonly name: 'meta' }
  | { readonly name: 'version'; readonly version: number; readonly stream: string; readonly expected: number }
  | { readonly name: 'commit'; readonly step: Step; readonly before: Step }
  | { readonly name: 'hash' }
  | { readonly name: 'other-head'; readonly expected: string }
  | { readonly name: 'no-head'; readonly last: number }
  | { readonly name: 'blanked' }
  | { readonly name: 'changed-again'; readonly blanked: number };

/** What can be wrong with a stored log. */
export type ChainProblem =
  | ExportProblem
  | { readonly name: 'unreadable'; readonly reason: string }
  | { readonly name: 'gap'; readonly from: number; readonly to: number }
  | { readonly name: 'columns'; readonly columns: readonly string[] }
  | { readonly name: 'unfinished'; readonly step: Step }
  | { readonly name: 'not-blanked' }
  | {
      readonly name: 'recorded-head';
      readonly organizationId: string;
      readonly recorded: ChainHead | undefined;
      readonly last: ChainHead | undefined;
    };

/** Which event of its commit it is, from 0. */
interface Step {
  readonly index: number;
  readonly size: number;
}

type Sentences = {
  readonly [N in ChainProblem['name']]: (problem: Extract<ChainProblem, { readonly name: N }>) => string;
};

const SENTENCES: Sentences = {
  line: ({ line }) => `Line ${line} of the file is not an event.`,
  cut: ({ line }) => `The file ends in the middle of line ${line}.`,
  unreadable: ({ reason }) => reason,
  order: ({ after }) => `It comes after position ${after}.`,
  gap: ({ from, to }) => `Events are missing before it: positions ${from} to ${to}.`,
  clock: ({ recordedAt, before }) => `It was recorded at ${recordedAt}, the event before it at ${before}.`,
  text: () => 'Its text is not JSON.',
  meta: () => 'Its meta is not JSON.',
  columns: ({ columns }) => `Its columns differ from its text: ${columns.join(', ')}.`,
  version: ({ version, stream, expected }) => `It is version ${version} of ${stream}; expected version ${expected}.`,
  commit: ({ step, before }) => `A commit is incomplete: event ${counted(step)} comes after event ${counted(before)}.`,
  unfinished: ({ step: { index, size } }) => `The log ends within a commit: ${index + 1} of ${size} events.`,
  hash: () => 'Its hash does not match: it, or the event before it in its organisation, was changed.',
  'other-head': ({ expected }) => `Its hash differs from the expected head, ${expected}.`,
  'no-head': ({ last }) => `The expected head is missing: the log ends at position ${last}.`,
  blanked: () => 'Its text was replaced, but no redaction event says so.',
  'changed-again': () => 'The text that it blanked was changed again since.',
  'not-blanked': () => 'The event that it redacts still has its text, or is missing.',
  'recorded-head'({ organizationId, recorded, last }) {
    const found = last ? `its last event is ${nameOf(last)}` : 'that is not its last event';
    return `The log records ${nameOf(recorded)} as the head of ${organizationId}, but ${found}.`;
  },
};

/** In English. */
export function sentenceOf(problem: ChainProblem): string {
  const tell = SENTENCES[problem.name] as (problem: ChainProblem) => string;
  return tell(problem);
}

function counted({ index, size }: Step): string {
  return `${index + 1} of ${size}`;
}

function nameOf(head: ChainHead | undefined): string {
  return head ? `${head.position}:${head.hash}` : 'none';
}
