// The access log: one of morgan's formats, each line led by the id of its request.
import type { Request, RequestHandler, Response } from 'express';
import morgan, { type FormatFn, type TokenIndexer } from 'morgan';
import type { ClientAddress } from '../identity/client-address.ts';

export type AccessLogFormat = 'dev' | 'tiny' | 'short' | 'common' | 'combined' | 'none';

type Line = FormatFn<Request, Response>;

/** Writes a line for each answered request to standard output; nothing for `none`. */
export function accessLog(format: AccessLogFormat, clientAddress: ClientAddress): RequestHandler {
  if (format === 'none') return (_request, _response, next) => next();
  const line = lineIn(format);
  const tokens: TokenIndexer<Request, Response> = Object.create(morgan, { 'remote-addr': { value: clientAddress } });
  const log = morgan<Request, Response>(
    (_tokens, request, response) => `${response.getHeader('X-Request-Id')} ${line(tokens, request, response)}`,
  );
  return (request, response, next) => {
    // Asked while it is certain that the connection is open.
    clientAddress(request);
    log(request, response, next);
  };
}

function lineIn(format: Exclude<AccessLogFormat, 'none'>): Line {
  const known = (morgan as unknown as Record<string, string | Line>)[format];
  if (known === undefined) throw new Error(`morgan knows no format "${format}".`);
  return typeof known === 'string' ? morgan.compile(known) : known;
}
