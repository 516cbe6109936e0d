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

/** What a page may load, and who may show it in a frame. Its script makes no HTML of text, which trusted types hold. */
function pagePolicy(ancestors: string): string {
  return [
    ...["default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
    ...["form-action 'self'", "base-uri 'none'", `frame-ancestors ${ancestors}`, "require-trusted-types-for 'script'"],
  ].join(';');
}

/** Nobody may show a page in a frame. */
const PAGE_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['Content-Security-Policy', pagePolicy("'none'")],
  // With `no-referrer`, browsers would not say of which origin the page is whose form they send.
  ['Referrer-Policy', 'same-origin'],
  ['X-Frame-Options', 'DENY'],
];

/** What no page of this server uses, and so no script in one may. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'serial', 'usb'];

/** Only for a server that people reach over https: a browser would ask for https for a year, also on other ports. */
const HTTPS_ONLY = 'Strict-Transport-Security';

/** On a page that these origins may show in a frame; `null`: anyone. */
export function framedBy(origins: readonly string[] | null): { readonly 'Content-Security-Policy': string } {
  return { 'Content-Security-Policy': pagePolicy(origins === null ? '*' : origins.join(' ') || "'none'") };
}

/** On what pages of other sites may show: a browser otherwise keeps it from them. */
export const FOR_OTHER_SITES = { 'Cross-Origin-Resource-Policy': 'cross-origin' } as const;

/** A picture can be a document with scripts: opened by itself, it may do nothing at all. */
export const INERT = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" } as const;

/** Helmet sets the same headers on every response, so they are computed once. */
const HEADERS: ReadonlyMap<string, string> = computed();

export const SECURITY_HEADERS: readonly string[] = [...HEADERS.keys()];

/** `isHttps`: whether people reach the server over https. */
export function securityHeaders(isHttps: boolean): RequestHandler {
  const headers = [...HEADERS].filter(([name]) => isHttps || name !== HTTPS_ONLY);
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** Replaces some of these headers by those of a page. */
export function setPageHeaders(response: Response): void {
  for (const [name, value] of PAGE_HEADERS) response.setHeader(name, value);
}

/** Leaves it to the policy of the page who may show it in a frame: this header knows no list of origins. */
export function allowFrames(response: Response): void {
  response.removeHeader('X-Frame-Options');
}

function computed(): Map<string, string> {
  const headers = new Map([['Permissions-Policy', PERMISSIONS.map((name) => `${name}=()`).join(', ')]]);
  const response = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader() {} };
  setSecurityHeaders(new IncomingMessage(new Socket()), response as unknown as Response, () => {});
  return headers;
}
