// What a verb of the command line is, what it has of its process, and how it says that it cannot do what was asked.
import { closest } from 'fastest-levenshtein';
import type { ServerProcess } from '../app/serve.ts';
import type { Progress } from './progress.ts';

export interface Verb {
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** How it is called, and what it makes of that. */
  readonly usage: string;
  /** Resolves with the exit code: 0 is fine, 1 is that something was found. Rejects with a `VerbError` where it cannot be done. */
  run(words: readonly string[], surroundings: Surroundings): Promise<number>;
}

/** What a verb has of the process that it runs in. */
export interface Surroundings {
  /** The directory that `src/` was compiled to: what is loaded by its path is found from there. */
  readonly root: URL;
  /** `DATA_DIR`. */
  readonly dataDir: string;
  /** Prints to stdout. Resolves when there is room for more. */
  readonly print: (text: string) => Promise<void>;
  /** Tells people something besides, on stderr. */
  readonly note: (sentence: string) => void;
  readonly progress: Progress;
  /** Aborts when someone interrupts; from the first call on that no longer ends the process. */
  readonly interrupted: () => AbortSignal;
  readonly process: ServerProcess;
}

/** It cannot be done: the message is a sentence that says why. */
export class VerbError extends Error {
  override readonly name: string = 'VerbError';
}

/** The call itself is wrong. */
export class UsageError extends VerbError {
  override readonly name = 'UsageError';
}

/** What was most likely meant. */
export function suggestion(word: string, known: readonly string[]): string {
  return `Did you mean "${closest(word.slice(0, 64), known)}"?`;
}
