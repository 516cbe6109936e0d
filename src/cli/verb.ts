// A verb of the command line: its description, what it gets from the process, and its errors.
import { closest } from 'fastest-levenshtein';
import type { ServerProcess } from '../app/serve.ts';
import type { Progress } from './progress.ts';

export interface Verb {
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** How it is called, and what it does. */
  readonly usage: string;
  /** Resolves with the exit code: 0 if all is well, 1 if something is wrong or differs. Rejects with a `VerbError` if it fails. */
  run(words: readonly string[], surroundings: Surroundings): Promise<number>;
}

/** What a verb gets from the process that it runs in. */
export interface Surroundings {
  /** The directory that `src/` was compiled to: what is loaded by its path is found from there. */
  readonly root: URL;
  /** `DATA_DIR`. */
  readonly dataDir: string;
  /** Prints to stdout. Resolves when there is room for more. */
  readonly print: (text: string) => Promise<void>;
  /** Prints a sentence to stderr. */
  readonly note: (sentence: string) => void;
  readonly progress: Progress;
  /** Aborts on SIGINT or SIGTERM. After the first call these signals no longer end the process. */
  readonly interrupted: () => AbortSignal;
  readonly process: ServerProcess;
}

/** The command failed; the message is a sentence that says why. */
export class VerbError extends Error {
  override readonly name: string = 'VerbError';
}

/** The command line is wrong. */
export class UsageError extends VerbError {
  override readonly name = 'UsageError';
}

/** Suggests the known word that is closest. */
export function suggestion(word: string, known: readonly string[]): string {
  return `Did you mean "${closest(word.slice(0, 64), known)}"?`;
}
