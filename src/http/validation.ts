// Checks the parts of a request against their schemas, and says what is wrong so that a person can mend it.
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import type { Problem, RequestError } from './problem.ts';

/** How many errors are told: an answer must not be many times as large as its request. */
const MAX_ERRORS = 50;

/** A part of the request, parsed, or all that is wrong with it. */
export type Checked<T> =
  | { readonly value: T; readonly errors?: undefined }
  | { readonly errors: readonly RequestError[] };

export function check<T>(schema: z.ZodType<T>, part: RequestError['in'], value: unknown): Checked<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data };
  return {
    errors: result.error.issues.map((issue) => ({ in: part, pointer: pointerTo(issue.path), detail: sentence(issue) })),
  };
}

/** The problem that these errors make. */
export function invalidRequest(errors: readonly RequestError[]): Problem {
  const told = errors.slice(0, MAX_ERRORS);
  const detail = told.map((error) => `${nameOf(error)} ${error.detail}`).join('; ');
  const more = errors.length > told.length ? `; and ${errors.length - told.length} more` : '';
  return { problem: 'invalid-request', detail: `${detail}${more}.`, errors: told };
}

/** A refusal where a body names none of the members that are taken: most likely a slip of the pen. */
export function refuseUnknownMembers(schema: z.ZodObject, body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const taken = Object.keys(schema.shape);
  const named = Object.keys(body);
  if (named.some((name) => taken.includes(name))) return undefined;
  const guess = named.length > 0 ? ` ${nearest(named, taken)}` : '';
  return { problem: 'no-known-member', detail: `The body has none of the fields ${taken.join(', ')}.${guess}` };
}

function nearest(named: readonly string[], taken: readonly string[]): string {
  const pairs = named.flatMap((name) =>
    taken.map((known) => ({ name, known, far: distance(name.slice(0, 64), known) })),
  );
  const best = pairs.reduce((a, b) => (b.far < a.far ? b : a));
  return `Did you mean "${best.known}" instead of "${best.name.slice(0, 64)}"?`;
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function nameOf({ in: part, pointer }: RequestError): string {
  return pointer === '' ? `The ${part}` : pointer.slice(1).replaceAll('/', '.');
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must ${UP_TO[issue.origin] ?? 'be at most'} ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'uuid' ? 'must be a UUID' : issue.message;
    case 'invalid_key':
      return issue.issues.map(sentence).join(', ');
    default:
      return issue.message;
  }
}

const UP_TO: Readonly<Record<string, string>> = {
  string: 'have no more characters than',
  array: 'have no more items than',
};
