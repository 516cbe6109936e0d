// Validates the parts of a request against their schemas, with error messages that a person can act on.
import type * as z from 'zod';
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

/** The JSON pointer of this path. */
export function pointerTo(path: readonly PropertyKey[]): string {
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
