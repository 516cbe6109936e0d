// The security headers of every response.
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

/**
 * Pages may load scripts and styles from this server only, and none inline: injected text can then never run as a
 * script.
 */
const setSecurityHeaders = helmet({
  contentSecurityPolicy: {
    directives: {
      fontSrc: ["'self'"],
      styleSrc: ["'self'"],
      // Pages must also work over plain HTTP on hosts other than localhost.
      upgradeInsecureRequests: null,
    },
  },
});

/** Helmet sets the same headers on every response, so they are computed once. */
export const SECURITY_HEADERS: ReadonlyMap<string, string> = computed();

export const securityHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
  next();
};

function computed(): Map<string, string> {
  const headers = new Map<string, string>();
  const response = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader() {} };
  setSecurityHeaders(new IncomingMessage(new Socket()), response as unknown as Response, () => {});
  return headers;
}
