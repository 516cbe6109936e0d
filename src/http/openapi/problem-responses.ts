// Problems in the OpenAPI document: their schema, an example of each, and the problem responses of an operation.
import * as z from 'zod';
import { isPriced } from '../price.ts';
import { PROBLEMS, type ProblemCode, problemDocument } from '../problem.ts';
import type { Route } from '../route.ts';
import { answerHeaders, type Json, reference } from './components.ts';

export const problemSchema = z
  .looseObject({
    type: z.string().describe('A URI that identifies the kind of problem'),
    status: z.int(),
    title: z.string(),
    code: z
      .string()
      .describe('The kind of problem, for programs')
      .meta({ examples: Object.keys(PROBLEMS) }),
    detail: z.string().describe('An explanation for people'),
    error: z.string().describe('The same as `detail`'),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().describe('JSON pointer into that part of the request'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('All errors of the request, and where they are'),
    requestId: z.string().describe('Identifies the request in the server log; quote it when you ask for help'),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457)' });

/** Problems that the middleware answers with, for all routes, routes with a body and routes that change something. */
const COMMON_PROBLEMS = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'host-not-allowed',
  'internal',
  'unavailable',
  'behind',
] as const;
const BODY_PROBLEMS = ['malformed-json', 'no-known-member', 'too-deep', 'body-too-large', 'not-json'] as const;
const RAW_BODY_PROBLEMS = ['body-too-large', 'wrong-type'] as const;
const WRITE_PROBLEMS = ['cross-origin', 'overloaded'] as const;
const PRICED_PROBLEMS = ['too-costly', 'overloaded'] as const;

/** The codes of all problems that a route can answer with. */
export function problemCodes(route: Route): Set<ProblemCode> {
  const { body, rawBody, conditional, repeatable, method, problems, unlimited } = route;
  return new Set<ProblemCode>([
    ...problems,
    ...COMMON_PROBLEMS,
    ...(unlimited ? [] : (['too-many-requests'] as const)),
    ...(body ? BODY_PROBLEMS : []),
    ...(rawBody ? RAW_BODY_PROBLEMS : []),
    ...(conditional ? (['stale'] as const) : []),
    ...(repeatable ? (['key-reused'] as const) : []),
    ...(method === 'get' ? [] : WRITE_PROBLEMS),
    ...(isPriced(route) ? PRICED_PROBLEMS : []),
  ]);
}

/** The responses for these problems, by status. */
export function problemResponses(codes: ReadonlySet<ProblemCode>, schema: Json): Json {
  const statuses = new Set([...codes].map((code) => PROBLEMS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const alike = [...codes].filter((code) => PROBLEMS[code].status === status);
      return [status, problemResponse(alike, schema)];
    }),
  );
}

/** One response for all problems with the same status. */
function problemResponse(codes: readonly ProblemCode[], schema: Json): Json {
  const examples = Object.fromEntries(codes.map((code) => [code, reference('examples', code)]));
  const waits = codes.some((code) => PROBLEMS[code].example.headers) ? (['Retry-After'] as const) : [];
  return {
    description: codes.map((code) => PROBLEMS[code].title).join(', or: '),
    headers: answerHeaders(...waits),
    content: { 'application/problem+json': { schema, examples } },
  };
}

/** An example of every problem, for the components. */
export function problemExamples(): Json {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  return Object.fromEntries(
    codes.map((code) => {
      const { title, example } = PROBLEMS[code];
      const value = problemDocument({ problem: code, ...example }, '0198c0de-0000-7000-8000-000000000000');
      return [code, { summary: title, value }];
    }),
  );
}
