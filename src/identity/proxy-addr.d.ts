// Types for the parts of proxy-addr that Plive uses. The package has none.
declare module 'proxy-addr' {
  import type { IncomingMessage } from 'node:http';

  /** Whether the proxy at this address, `hop` hops away, is trusted to name the address of its client. */
  type Trust = (address: string, hop: number) => boolean;

  interface ProxyAddr {
    /** The nearest address that is not trusted: entries beyond it could be forged. */
    (request: IncomingMessage, trust: Trust): string | undefined;
    /** Trusts these addresses and networks. Throws a `TypeError` if one is invalid. */
    compile(networks: readonly string[]): Trust;
  }

  const proxyAddr: ProxyAddr;
  export = proxyAddr;
}
