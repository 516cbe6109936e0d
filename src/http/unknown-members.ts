// Members of a body that its route does not know: they are named in the answer, or refused.
import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { STRICT } from './misspelt-parameters.ts';
import type { Problem, RequestError } from './problem.ts';
import { pointerTo } from './validation.ts';

/** The header of an answer that names the members that were ignored. */
export const IGNORED_HEADER = 'Plive-Ignored';

/** Not more are named, and longer names are cut: an answer must not be many times larger than its request. */
const MAX_NAMED = 20;
const MAX_NAME_LENGTH = 64;

/** The query of routes with a body. */
export const strictQuery = z.object({
  [STRICT]: z
    .enum(['true', 'false'])
    .exactOptional()
    .describe('`true` refuses a body with fields that this route does not know. By default `Plive-Ignored` names them'),
});

/** The names of the members that the schema does not have. */
export function unknownMembers(schema: z.ZodObject, body: unknown): readonly string[] {
  return isObject(body) ? Object.keys(body).filter((name) => !Object.hasOwn(schema.shape, name)) : [];
}

/**
 * Returns a problem if the body has fields, but none of those in the schema: most likely a name is misspelt. An empty body
 * is for the schema to judge: it is right where no field is required.
 */
export function refuseUnrecognised(schema: z.ZodObject, body: unknown): Problem | undefined {
  const unknown = unknownMembers(schema, body);
  if (!isObject(body) || unknown.length === 0 || Object.keys(body).length > unknown.length) return undefined;
  const known = Object.keys(schema.shape);
  const detail = `The body has none of the fields ${known.join(', ')}. ${nearest(unknown, known)}`;
  return { problem: 'no-known-member', detail };
}

/** An error for each unknown member. */
export function unknownMemberErrors(unknown: readonly string[]): RequestError[] {
  return unknown.map((name) => ({
    in: 'body',
    pointer: pointerTo([cut(name)]),
    detail: 'is not a field of this request',
  }));
}

/** The value of `Plive-Ignored`: the names, percent-encoded where a header cannot hold them, separated by commas. */
export function ignoredNames(unknown: readonly string[]): string {
  const named = unknown.slice(0, MAX_NAMED).map((name) => encodeURIComponent(cut(name)));
  return [...named, ...(unknown.length > MAX_NAMED ? ['...'] : [])].join(', ');
}

/** Suggests the known field that is closest to one that was sent. */
function nearest(sent: readonly string[], known: readonly string[]): string {
  const pairs = sent.flatMap((wrong) => known.map((right) => ({ wrong, right, edits: distance(cut(wrong), right) })));
  const best = pairs.reduce((a, b) => (b.edits < a.edits ? b : a));
  return `Did you mean "${best.right}" instead of "${cut(best.wrong)}"?`;
}

/** The beginning of a name, as well-formed text. */
function cut(name: string): string {
  return Buffer.from(name.slice(0, MAX_NAME_LENGTH)).toString();
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
