// The shared parameters and response headers of the OpenAPI document, and references to them.

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
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer', minimum: 0 } },
};

/** References to these response headers, and to `X-Request-Id`, which every response has. */
export function answerHeaders(...names: readonly (keyof typeof HEADERS)[]): Json {
  return Object.fromEntries([...names, 'X-Request-Id'].map((name) => [name, reference('headers', name)]));
}

export function reference(kind: 'parameters' | 'headers' | 'examples', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` };
}
