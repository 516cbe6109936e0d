// Validates the parts of a request against their schemas, with error messages that a person can act on.
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import type { Problem, RequestError } from './problem.ts';

/** Maximum number of reported errors: a response must not be many times larger than its request. */
const MAX_ERRORS = 50;

/** A parsed part of the request, or its errors. */
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

/** The problem document for these errors. */
export function invalidRequest(errors: readonly RequestError[]): Problem {
  const reported = errors.slice(0, MAX_ERRORS);
  const detail = reported.map((error) => `${nameOf(error)} ${error.detail}`).join('; ');
  const more = errors.length > reported.length ? `; and ${errors.length - reported.length} more` : '';
  return { problem: 'invalid-request', detail: `${detail}${more}.`, errors: reported };
}

/** Returns a problem if the body has none of the fields in the schema: most likely a field name is misspelt. */
export function refuseUnknownMembers(schema: z.ZodObject, body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const known = Object.keys(schema.shape);
  const sent = Object.keys(body);
  if (sent.some((name) => known.includes(name))) return undefined;
  const guess = sent.length > 0 ? ` ${nearest(sent, known)}` : '';
  return { problem: 'no-known-member', detail: `The body has none of the fields ${known.join(', ')}.${guess}` };
}

/** Suggests the known field that is closest to one that was sent. */
function nearest(sent: readonly string[], known: readonly string[]): string {
  const pairs = sent.flatMap((wrong) =>
    known.map((right) => ({ wrong, right, edits: distance(wrong.slice(0, 64), right) })),
  );
  const best = pairs.reduce((a, b) => (b.edits < a.edits ? b : a));
  return `Did you mean "${best.right}" instead of "${best.wrong.slice(0, 64)}"?`;
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
