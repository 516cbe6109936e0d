// Whole numbers as clients and people write them in URLs, headers and arguments: plain decimal digits. The only parser of
// such numbers.
import * as z from 'zod';

/**
 * `undefined` if the text is anything else: hexadecimal, with an exponent, a fraction, spaces or nothing at all. A number
 * that is too large to be exact is the largest one that is: it is beyond every limit and every position too.
 */
export function parseWholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : undefined;
}

/** A whole number in a URL. */
export function numberParameter({ min, max }: { readonly min: number; readonly max?: number }) {
  const range = z.int().min(min);
  return z.preprocess(numberIn, max === undefined ? range : range.max(max));
}

/** The number in a parameter, negative ones too, so that these are refused for their size. */
function numberIn(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const number = parseWholeNumber(value.replace(/^-/, ''));
  if (number === undefined) return value;
  return value.startsWith('-') ? -number : number;
}
