// The interface of a verb of the command line: its description, its access to the process, and its errors.
import { closest } from 'fastest-levenshtein';
import type { Progress } from './progress.ts';

export interface Verb {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** The help text: the syntax, what the verb does, and its exit codes. */
  readonly usage: string;
  /**
   * Resolves with the exit code: 0 if all is well, 1 if something is wrong or differs. Rejects with a `VerbError` if it
   * fails.
   */
  run(args: readonly string[], surroundings: Surroundings): Promise<number>;
}

/** What the process provides to a verb. */
export interface Surroundings {
  /** The directory that `src/` was compiled to. Workers and assets are loaded from there. */
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
  /** The environment variables. */
  readonly env: NodeJS.ProcessEnv;
}

/** The command failed; the message is a sentence that says why. */
export class VerbError extends Error {
  override readonly name: string = 'VerbError';
}

/** The arguments are wrong. The usage of the verb is printed after the message. */
export class UsageError extends VerbError {
  override readonly name = 'UsageError';
}

/** Suggests the known word that is closest. */
export function suggestion(word: string, known: readonly string[]): string {
  return `Did you mean "${closest(word.slice(0, 64), known)}"?`;
}
