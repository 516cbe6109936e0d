// The access log: one of morgan's formats, each line led by the id of its request.
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import morgan, { type FormatFn, type TokenIndexer } from 'morgan';
import { batched, type Output } from '../bounds/batched-output.ts';
import type { ClientAddress } from '../identity/client-address.ts';

export type AccessLogFormat = 'dev' | 'tiny' | 'short' | 'common' | 'combined' | 'none';

/** What the log tells of an answer that Express had no part in, to one who did not say who they are. */
interface Answered {
  readonly id: string;
  readonly status: number;
  /** As in the header of this name. */
  readonly contentLength: string | undefined;
  /** How long the answer took to begin, in milliseconds. */
  readonly took: number;
}

export interface AccessLog {
  /** Writes a line for each request that Express answers, once it is answered. */
  readonly handler: RequestHandler;
  /** Writes the same line for a request that was answered without Express. */
  write(request: IncomingMessage, answered: Answered): void;
}

type Line = FormatFn<Request, Response>;
type Tokens = TokenIndexer<Request, Response>;

const TOKENS = morgan as unknown as Tokens;

/** Writes a line for each answered request; nothing for `none`. */
export function createAccessLog(format: AccessLogFormat, clientAddress: ClientAddress, output: Output): AccessLog {
  if (format === 'none') return { handler: (_request, _response, next) => next(), write() {} };
  const line = lineIn(format);
  const lines = batched(output);
  const tokens: Tokens = Object.create(morgan, { 'remote-addr': { value: clientAddress }, date: { value: clock() } });
  const log = morgan<Request, Response>(
    (_tokens, request, response) => `${response.getHeader('X-Request-Id')} ${line(tokens, request, response)}`,
    { stream: lines },
  );
  const tokensOfAnswered = Object.create(tokens, ANSWERED_TOKENS);
  return {
    handler(request, response, next) {
      // Asked while it is certain that the connection is open.
      clientAddress(request);
      log(request, response, next);
    },
    write(request, { id, status, contentLength, took }) {
      const response = { headersSent: true, statusCode: status, contentLength, took };
      lines.write(`${id} ${line(tokensOfAnswered, request as Request, response as unknown as Response)}\n`);
    },
  };
}

/** What morgan would find out of a response, and that nobody is named. */
const ANSWERED_TOKENS = {
  'remote-user': { value: () => undefined },
  res: { value: (_request: unknown, { contentLength }: Answered) => contentLength },
  'response-time': { value: (_request: unknown, { took }: Answered) => took.toFixed(3) },
};

/** The time as all of these formats write it, which is to the second: written once in each. */
function clock(): Tokens[string] {
  let second = Number.NaN;
  let written: string | undefined;
  return (request, response, form) => {
    const now = Math.floor(Date.now() / 1_000);
    if (now !== second) written = TOKENS.date?.(request, response, form);
    second = now;
    return written;
  };
}

function lineIn(format: Exclude<AccessLogFormat, 'none'>): Line {
  const known = (morgan as unknown as Record<string, string | Line>)[format];
  if (known === undefined) throw new Error(`morgan knows no format "${format}".`);
  return typeof known === 'string' ? morgan.compile(known) : known;
}
