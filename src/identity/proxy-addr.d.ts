// What is used of proxy-addr, which comes without types.
declare module 'proxy-addr' {
  import type { IncomingMessage } from 'node:http';

  /** Whether the one at this address, so many hops from here, is believed in what it says of who is behind it. */
  type Trust = (address: string, hop: number) => boolean;

  interface ProxyAddr {
    /** The address of the nearest that is not trusted: whoever that is, they wrote the rest. */
    (request: IncomingMessage, trust: Trust): string | undefined;
    /** Trusts these addresses and networks. Throws a `TypeError` where one is neither. */
    compile(networks: readonly string[]): Trust;
  }

  const proxyAddr: ProxyAddr;
  export = proxyAddr;
}
