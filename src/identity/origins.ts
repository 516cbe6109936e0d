// Which hosts this server answers for, and which web origins it trusts: what keeps a stranger's page in a browser away from an open server.

/** Host names of this machine itself. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

export interface OriginPolicy {
  /** Whether a request that names this `Host` is answered. A foreign name that resolves to loopback is an attack (DNS rebinding). */
  allowsHost(host: string | undefined): boolean;
  /** Whether pages of this origin may use credentials and write. */
  trusts(origin: string): boolean;
  /**
   * Whether a page of this origin, the server's own or a trusted one, may use the cookies of whoever looks at it. Browsers send
   * them with what the page of any stranger asks for; from there they must count for nothing.
   */
  allowsCookies(origin: string, host: string | undefined): boolean;
  /**
   * Whether a page of this origin may open a socket; no origin is no browser. Where people sign in every page may, and is a
   * stranger there unless it may use cookies or has a key.
   */
  allowsSocket(origin: string | undefined, host: string | undefined): boolean;
}

export interface OriginSettings {
  readonly auth: 'open' | 'required';
  /** Whether the server may be reached from other machines although it is open to all. */
  readonly allowOpen: boolean;
  /** Origin under which people reach the server. */
  readonly publicUrl?: string | undefined;
  readonly production: boolean;
  readonly corsOrigins: readonly string[];
}

export function createOriginPolicy(settings: OriginSettings): OriginPolicy {
  const { auth, allowOpen, publicUrl, production, corsOrigins } = settings;
  const isSame = (origin: string, host: string | undefined) => origin === publicUrl || hostOf(origin) === host;
  const trusts = (origin: string) =>
    origin === publicUrl || corsOrigins.includes(origin) || (!production && isLoopbackOrigin(origin));
  const allowsCookies = (origin: string, host: string | undefined) => trusts(origin) || isSame(origin, host);
  return {
    // Where it takes credentials to do anything, a foreign name has none: it gets what everyone gets.
    allowsHost: (host) => auth === 'required' || allowOpen || (host !== undefined && LOOPBACK.test(withoutPort(host))),
    trusts,
    allowsCookies,
    allowsSocket: (origin, host) =>
      auth === 'required' ||
      origin === undefined ||
      allowsCookies(origin, host) ||
      isLoopbackOrigin(origin) ||
      // A page opened from disk.
      (origin === 'null' && !production),
  };
}

function isLoopbackOrigin(origin: string): boolean {
  const host = hostOf(origin);
  return host !== null && LOOPBACK.test(withoutPort(host));
}

/** `null`, which is no host and must not pass for a missing one, for what is no origin of the web. */
function hostOf(origin: string): string | null {
  return /^https?:/.test(origin) && URL.canParse(origin) ? new URL(origin).host : null;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
