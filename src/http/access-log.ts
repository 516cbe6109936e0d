// The access log: one of morgan's formats, each line led by the id of its request.
import type { Request, RequestHandler, Response } from 'express';
import morgan, { type FormatFn } from 'morgan';

export type AccessLogFormat = 'dev' | 'tiny' | 'short' | 'common' | 'combined' | 'none';

type Line = FormatFn<Request, Response>;

/** Writes a line for each answered request to standard output; nothing for `none`. */
export function accessLog(format: AccessLogFormat): RequestHandler {
  if (format === 'none') return (_request, _response, next) => next();
  const line = lineIn(format);
  return morgan(
    (tokens, request, response) => `${response.getHeader('X-Request-Id')} ${line(tokens, request, response)}`,
  );
}

function lineIn(format: Exclude<AccessLogFormat, 'none'>): Line {
  const known = (morgan as unknown as Record<string, string | Line>)[format];
  if (known === undefined) throw new Error(`morgan knows no format "${format}".`);
  return typeof known === 'string' ? morgan.compile(known) : known;
}
