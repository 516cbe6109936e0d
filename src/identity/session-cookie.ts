// The cookie of a session: what it is called, and whether a request carries one.

/** Its name where it is sent over HTTPS alone, and otherwise. */
const SESSION_COOKIES = ['__Host-plive', 'plive'];

/** Whether this `Cookie` header names a session, valid or not. */
export function hasSessionCookie(header: string | undefined): boolean {
  const names = header?.split(';').map((cookie) => cookie.split('=', 1)[0]?.trim() ?? '');
  return names?.some((name) => SESSION_COOKIES.includes(name)) ?? false;
}
