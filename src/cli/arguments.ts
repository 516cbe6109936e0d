// Parses the arguments of a verb: options, numbers and moments. Refusals are sentences.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { z } from 'zod';
import { UsageError } from './verb.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>>;

/** The options and the other arguments. Throws a `UsageError`. */
export function parseArguments<const O extends Options>(words: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Throws a `UsageError` unless there is exactly one argument for each name. */
export function expectArguments(words: readonly string[], ...names: readonly string[]): void {
  if (words.length === names.length) return;
  const missing = names[words.length];
  throw new UsageError(
    missing === undefined ? `Unexpected argument "${words[names.length]}".` : `The ${missing} is missing.`,
  );
}

/** The value of a numeric option, if it was given. */
export function wholeNumber(name: string, word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^\d{1,15}$/.test(word)) return Number(word);
  throw new UsageError(`--${name} is "${word}". It must be a whole number, 0 or greater.`);
}

/** A moment of the log, by its position or by the recorded time (RFC 3339, milliseconds, Z). */
export type Moment = { readonly position: number } | { readonly time: string };

const rfc3339 = z.iso.datetime({ offset: true });

export function parseMoment(word: string): Moment {
  if (/^\d{1,15}$/.test(word)) return { position: Number(word) };
  if (!rfc3339.safeParse(word).success) {
    throw new UsageError(`"${word}" is not a position, and not a time such as 2026-03-01T09:30:00Z.`);
  }
  const time = new Date(word);
  if (time > new Date()) throw new UsageError(`${word} is in the future.`);
  return { time: time.toISOString() };
}
