// The access log: one of morgan's formats, each line led by the id of its request.
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import morgan, { type FormatFn, type TokenIndexer } from 'morgan';
import { batched, type Output } from '../bounds/batched-output.ts';
import type { ClientAddress } from '../identity/client-address.ts';

export type AccessLogFormat = 'dev' | 'tiny' | 'short' | 'common' | 'combined' | 'none';

/** A response that was sent to an anonymous client without Express. */
interface CachedAnswer {
  readonly id: string;
  readonly status: number;
  /** The `Content-Length` header. */
  readonly contentLength: string | undefined;
  /** Time until the response began, in milliseconds. */
  readonly duration: number;
}

export interface AccessLog {
  /** Writes a line for each request that Express answers, after the response. */
  readonly handler: RequestHandler;
  /** Writes the same line for a request that was answered without Express. */
  write(request: IncomingMessage, answered: CachedAnswer): void;
}

type Line = FormatFn<Request, Response>;
type Tokens = TokenIndexer<Request, Response>;

const TOKENS = morgan as unknown as Tokens;

/** Writes one line for each request. The format `none` writes nothing. */
export function createAccessLog(format: AccessLogFormat, clientAddress: ClientAddress, output: Output): AccessLog {
  if (format === 'none') return { handler: (_request, _response, next) => next(), write() {} };
  const line = compiledFormat(format);
  const lines = batched(output);
  const tokens: Tokens = Object.create(morgan, {
    'remote-addr': { value: clientAddress },
    date: { value: dateToken() },
  });
  const log = morgan<Request, Response>(
    (_tokens, request, response) => `${response.getHeader('X-Request-Id')} ${line(tokens, request, response)}`,
    { stream: lines },
  );
  const tokensOfAnswered = Object.create(tokens, ANSWERED_TOKENS);
  return {
    handler(request, response, next) {
      // Resolve the address now, while the connection is certainly open. A closed socket has no remote address.
      clientAddress(request);
      log(request, response, next);
    },
    write(request, { id, status, contentLength, duration }) {
      const response = { headersSent: true, statusCode: status, contentLength, duration };
      lines.write(`${id} ${line(tokensOfAnswered, request as Request, response as unknown as Response)}\n`);
    },
  };
}

/** Replaces the tokens that morgan reads from an Express response. There is no user: the client is anonymous. */
const ANSWERED_TOKENS = {
  'remote-user': { value: () => undefined },
  res: { value: (_request: unknown, { contentLength }: CachedAnswer) => contentLength },
  'response-time': { value: (_request: unknown, { duration }: CachedAnswer) => duration.toFixed(3) },
};

/** The `date` token. Every format prints whole seconds, so the text is formatted once per second. */
function dateToken(): Tokens[string] {
  let second = Number.NaN;
  let text: string | undefined;
  return (request, response, form) => {
    const now = Math.floor(Date.now() / 1_000);
    if (now !== second) text = TOKENS.date?.(request, response, form);
    second = now;
    return text;
  };
}

function compiledFormat(format: Exclude<AccessLogFormat, 'none'>): Line {
  const definition = (morgan as unknown as Record<string, string | Line>)[format];
  if (definition === undefined) throw new Error(`morgan knows no format "${format}".`);
  return typeof definition === 'string' ? morgan.compile(definition) : definition;
}
