// The cookie of a session: out of reach for scripts, for other sites, and where there is https for other hosts too.
import { SESSION_LIFE } from './sessions.ts';

/** How the cookie is called and set, depending on whether people come over https. */
export interface SessionCookie {
  readonly name: string;
  /** The token that a request's `Cookie` header carries. */
  read(header: string | undefined): string | undefined;
  /** As `Set-Cookie`. */
  write(token: string): string;
  /** As `Set-Cookie`. */
  readonly cleared: string;
}

export function sessionCookie({ secure }: { readonly secure: boolean }): SessionCookie {
  // Browsers take a name that begins so from this very host and over https only.
  const name = secure ? '__Host-plive' : 'plive';
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : [])].join('; ');
  const written = (token: string, maxAge: number) => `${name}=${token}; Max-Age=${maxAge}; ${attributes}`;
  return {
    name,
    read: (header) =>
      header
        ?.split(';')
        .map((pair) => pair.trim())
        .find((pair) => pair.startsWith(`${name}=`))
        ?.slice(name.length + 1),
    write: (token) => written(token, SESSION_LIFE.absolute / 1000),
    cleared: written('', 0),
  };
}
