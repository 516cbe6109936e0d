// Which `Host` headers and web origins the server accepts. Protects an open server from foreign pages in a user's
// browser.
import type { IncomingHttpHeaders } from 'node:http';

/** Host names of this machine itself. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

export interface OriginPolicy {
  /**
   * Whether requests with this `Host` are answered. A foreign name that resolves to loopback is an attack (DNS
   * rebinding). Browsers always send a `Host`; health checks of load balancers in HTTP/1.0 send none.
   */
  allowsHost(host: string | undefined): boolean;
  /** Whether pages of this origin may use credentials and write. */
  trusts(origin: string): boolean;
  /**
   * The `Access-Control-Allow-Origin` of reads by a page of this origin: `*` where strangers may read; `undefined` if the
   * page may not. An open server on loopback has no public answers, because every page that its owner looks at could
   * read them.
   */
  readableBy(origin: string | undefined): string | undefined;
  /**
   * Whether a request from a page of this origin may use the session cookie: the server's own origin and trusted ones.
   * Browsers also send the cookie with requests from other pages, where it must be ignored.
   */
  allowsCookies(origin: string, headers: SiteHeaders): boolean;
  /**
   * Whether a page of this origin may open a socket. A client without an origin is not a browser. With `AUTH=required`
   * every page may, but its socket is anonymous unless the page may use cookies or has a key.
   */
  allowsSocket(origin: string | undefined, headers: SiteHeaders): boolean;
}

/** The headers of a request that say whether its page is of this server. */
type SiteHeaders = Pick<IncomingHttpHeaders, 'host' | 'sec-fetch-site'>;

export interface OriginSettings {
  readonly auth: 'open' | 'required';
  /** Whether an open server may be reached from other machines. */
  readonly allowOpen: boolean;
  /** Origin under which people reach the server. */
  readonly publicUrl?: string | undefined;
  readonly production: boolean;
  /** Whether an open server takes pages without an origin, such as files opened from disk, for pages of this machine. */
  readonly allowNullOrigin: boolean;
  readonly corsOrigins: readonly string[];
}

export function createOriginPolicy(settings: OriginSettings): OriginPolicy {
  const { auth, allowOpen, allowNullOrigin, publicUrl, production, corsOrigins } = settings;
  const publicHost = publicUrl === undefined ? undefined : hostOf(publicUrl);
  // A server behind a proxy does not know the scheme of its own origin, except that of `PUBLIC_URL`. Browsers say in
  // Sec-Fetch-Site that http://host and https://host are not the same; most do so for https only.
  const isSame = (origin: string, { host, 'sec-fetch-site': site = 'same-origin' }: SiteHeaders) =>
    hostOf(origin) === host && host !== publicHost && site === 'same-origin';
  const trusts = (origin: string) =>
    origin === publicUrl || corsOrigins.includes(origin) || (!production && isLoopbackOrigin(origin));
  const allowsCookies = (origin: string, headers: SiteHeaders) => trusts(origin) || isSame(origin, headers);
  const isLocal = (origin: string) => isLoopbackOrigin(origin) || (origin === 'null' && allowNullOrigin);
  return {
    // With `AUTH=required`, browsers send no cookie to a foreign host name, so its requests are anonymous.
    allowsHost: (host) => auth === 'required' || allowOpen || host === undefined || LOOPBACK.test(withoutPort(host)),
    trusts,
    readableBy(origin) {
      if (origin !== undefined && trusts(origin)) return origin;
      if (auth === 'required' || allowOpen) return '*';
      return origin !== undefined && isLocal(origin) ? origin : undefined;
    },
    allowsCookies,
    allowsSocket: (origin, headers) =>
      auth === 'required' || origin === undefined || allowsCookies(origin, headers) || isLocal(origin),
  };
}

function isLoopbackOrigin(origin: string): boolean {
  const host = hostOf(origin);
  return host !== null && LOOPBACK.test(withoutPort(host));
}

/** `null` if it is not an http(s) origin: not `undefined`, which would equal a missing `Host`. */
function hostOf(origin: string): string | null {
  return /^https?:/.test(origin) && URL.canParse(origin) ? new URL(origin).host : null;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
