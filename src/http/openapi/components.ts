// The shared parameters and response headers of the OpenAPI document, and references to them.

import { AT_LEAST } from '../freshness/seen-position.ts';
import { POSITION_HEADER, STALE_HEADER } from '../freshness/served-log.ts';

/** A part of the OpenAPI document. */
export type Json = Record<string, unknown>;

/** Without examples: the documentation page would send them, and the second request would be a repeat, or stale. */
export const PARAMETERS = {
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    description:
      'ETags, separated by commas, or `*`. The ETag of the entity that you read. If the entity has changed since, the request changes nothing and gets a 412. For example `"3-97"`.',
    schema: { type: 'string' },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of the response that you have. If it is still valid, the server answers 304 without a body.',
    schema: { type: 'string' },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A unique value that the client chooses for this request. A repeat with the same value gets the first response again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  'Last-Event-ID': {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'Position of the last event that the client received. Browsers send it when they reconnect.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  [AT_LEAST]: {
    name: AT_LEAST,
    in: 'query',
    description:
      'A position of the log that the client has seen, such as the `X-Log-Position` of an earlier response: this response is not older. If the server has not read the log up to there within two seconds, it answers 503.',
    schema: { type: 'integer', minimum: 0 },
  },
  [POSITION_HEADER]: {
    name: POSITION_HEADER,
    in: 'header',
    description: 'The same as `at_least`. The later of the two positions counts.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
};

export const HEADERS = {
  ETag: {
    description: 'Changes whenever the response changes. The ETag of an entity is `"<version>-<position>"`.',
    schema: { type: 'string' },
    example: '"3-97"',
  },
  Link: {
    description:
      'The next page of a list, with `rel="next"`: a reference relative to the request. The last page has none.',
    schema: { type: 'string' },
    example: '<?limit=100&cursor=MTE4>; rel="next"',
  },
  Location: {
    description: 'URL of the resource, if it has one of its own.',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'Plive-Ignored': {
    description:
      'Fields of the body that the server does not know, and ignored: at most 20, percent-encoded, separated by commas.',
    schema: { type: 'string' },
    example: 'owner, colour',
  },
  'X-Request-Id': {
    description: 'Identifies the request in the server log: the id that the client sent in this header, or a new one.',
    schema: { type: 'string' },
  },
  [POSITION_HEADER]: {
    description: 'The position that the server had read the log up to when it sent the response.',
    schema: { type: 'integer', minimum: 0 },
    example: 118,
  },
  [STALE_HEADER]: {
    description:
      'The response may lack what other servers have recorded since this time. Without this header it lacks nothing.',
    schema: { type: 'string', format: 'date-time' },
  },
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer', minimum: 0 } },
};

/** The headers that every response can have. */
const OF_EVERY_ANSWER = ['X-Request-Id', POSITION_HEADER, STALE_HEADER];

/** References to these response headers, and to those that every response can have. */
export function answerHeaders(...names: readonly (keyof typeof HEADERS)[]): Json {
  return Object.fromEntries([...names, ...OF_EVERY_ANSWER].map((name) => [name, reference('headers', name)]));
}

export function reference(kind: 'parameters' | 'headers' | 'examples', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` };
}
