// Which hosts this server answers for, and which web origins it trusts: what keeps a stranger's page in a browser away from an open server.

/** Host names of this machine itself. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

export interface OriginPolicy {
  /** Whether a request that names this `Host` is answered. A foreign name that resolves to loopback is an attack (DNS rebinding). */
  allowsHost(host: string | undefined): boolean;
  /** Whether pages of this origin may use credentials and write. */
  trusts(origin: string): boolean;
  /** Whether a page of this origin may open a socket; no origin is no browser. */
  allowsSocket(origin: string | undefined, host: string | undefined): boolean;
}

export interface OriginSettings {
  /** Whether the server may be reached from other machines although it is open to all. */
  readonly allowOpen: boolean;
  readonly production: boolean;
  readonly corsOrigins: readonly string[];
}

export function createOriginPolicy({ allowOpen, production, corsOrigins }: OriginSettings): OriginPolicy {
  const trusts = (origin: string) => corsOrigins.includes(origin) || (!production && isLoopbackOrigin(origin));
  return {
    allowsHost: (host) => allowOpen || (host !== undefined && LOOPBACK.test(withoutPort(host))),
    trusts,
    allowsSocket: (origin, host) =>
      origin === undefined ||
      trusts(origin) ||
      isLoopbackOrigin(origin) ||
      hostOf(origin) === host ||
      // A page opened from disk.
      (origin === 'null' && !production),
  };
}

function isLoopbackOrigin(origin: string): boolean {
  const host = hostOf(origin);
  return host !== undefined && LOOPBACK.test(withoutPort(host));
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
