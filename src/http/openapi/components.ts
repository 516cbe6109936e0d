// The parameters and headers that many operations share, and how an operation refers to them.

/** A part of the document. */
export type Json = Record<string, unknown>;

export const PARAMETERS = {
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag of the entity as you read it. If it has changed meanwhile, nothing happens.',
    schema: { type: 'string' },
    example: '"3-97"',
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of the answer that you have. If it still holds, it is not sent again.',
    schema: { type: 'string' },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'A value of your own for this request. A repeat that carries it gets the first answer again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '0b5f8f0c-6d0b-4c1e-9d53-0f6f4f6f2a11',
  },
  'Last-Event-ID': {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'The last position that was heard of. Browsers send it when they connect again.',
    schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
    example: '97',
  },
};

export const HEADERS = {
  ETag: {
    description: 'Changes whenever the answer does. That of an entity is `"<version>-<position>"`.',
    schema: { type: 'string' },
    example: '"3-97"',
  },
  Location: {
    description: 'Where it is, if it has an address of its own.',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'X-Request-Id': {
    description: 'Finds the request in the log of the server: the one that was sent as this header, or a new one.',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'Seconds to wait before another try.', schema: { type: 'integer', minimum: 0 } },
};

/** The response headers of these names, and the one that every response has. */
export function answerHeaders(...names: readonly (keyof typeof HEADERS)[]): Json {
  return Object.fromEntries([...names, 'X-Request-Id'].map((name) => [name, reference('headers', name)]));
}

export function reference(kind: 'parameters' | 'headers' | 'examples', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` };
}
