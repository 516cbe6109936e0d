// Parses the arguments of a verb: options, numbers and moments. Every `UsageError` explains the mistake in a sentence.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { parseWholeNumber } from '../commands/numbers.ts';
import { parseTime, TIME_RULE } from '../commands/times.ts';
import { UsageError } from './verb.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>>;

/**
 * Splits the arguments into options and positional arguments. Throws a `UsageError` for an unknown or incomplete
 * option.
 */
export function parseArguments<const O extends Options>(args: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Throws a `UsageError` unless there is exactly one positional argument for each name. */
export function expectArguments(positionals: readonly string[], ...names: readonly string[]): void {
  if (positionals.length === names.length) return;
  const missing = names[positionals.length];
  throw new UsageError(
    missing === undefined ? `Unexpected argument "${positionals[names.length]}".` : `The ${missing} is missing.`,
  );
}

/** The value of a numeric option, if it was given. */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = parseWholeNumber(text);
  if (number !== undefined) return number;
  throw new UsageError(`--${name} is "${text}". It must be a whole number, 0 or greater.`);
}

/** A moment of the log, by its position or by the recorded time (RFC 3339, milliseconds, Z). */
export type Moment = { readonly position: number } | { readonly time: string };

/** Not before any event. Later events than now are in the log if the clock has been wrong. */
const PRESENT: Moment = { time: '9999-12-31T23:59:59.999Z' };

/** Parses a position or an RFC 3339 time; from now on, a time means the present. Throws a `UsageError` for other text. */
export function parseMoment(text: string): Moment {
  const position = parseWholeNumber(text);
  if (position !== undefined) return { position };
  const time = parseTime(text);
  if (time === undefined) throw new UsageError(`"${text}" is not a position, and not a time: it ${TIME_RULE}.`);
  return time < new Date().toISOString() ? { time } : PRESENT;
}
