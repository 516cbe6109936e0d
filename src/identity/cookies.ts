// The session cookie: HttpOnly, SameSite=Lax, and with HTTPS Secure and bound to this host (`__Host-`).
import { parse, serialize } from 'cookie';
import { SESSION_LIFE } from './sessions.ts';

/** Browsers accept a name with this prefix only over HTTPS, and send it to this host only. */
const SECURE_NAME = '__Host-plive';
const PLAIN_NAME = 'plive';

/** The name of the session cookie, and how it is read and set. */
export interface SessionCookie {
  readonly name: string;
  /** The token that a request's `Cookie` header carries. */
  read(header: string | undefined): string | undefined;
  /** A `Set-Cookie` header that sets the cookie. */
  write(token: string): string;
  /** A `Set-Cookie` header that removes the cookie. */
  readonly cleared: string;
}

/** `secure`: whether browsers reach the server over HTTPS. */
export function sessionCookie({ secure }: { readonly secure: boolean }): SessionCookie {
  const name = secure ? SECURE_NAME : PLAIN_NAME;
  const written = (token: string, maxAge: number) =>
    serialize(name, token, { maxAge, path: '/', httpOnly: true, sameSite: 'lax', secure });
  return {
    name,
    read: (header = '') => parse(header)[name],
    write: (token) => written(token, SESSION_LIFE.absolute / 1000),
    cleared: written('', 0),
  };
}

/** Whether this `Cookie` header carries a session cookie, valid or not. */
export function hasSessionCookie(header = ''): boolean {
  // Both names contain the plain one; most headers of readers have neither.
  if (!header.includes(PLAIN_NAME)) return false;
  const cookies = parse(header);
  return [SECURE_NAME, PLAIN_NAME].some((name) => Object.hasOwn(cookies, name));
}
