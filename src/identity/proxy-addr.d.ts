// Types for the part of proxy-addr that Plive uses. The package has none.
declare module 'proxy-addr' {
  interface ProxyAddr {
    /** Trusts these addresses and networks. Throws a `TypeError` if one is invalid. */
    compile(networks: readonly string[]): (address: string) => boolean;
  }

  const proxyAddr: ProxyAddr;
  export = proxyAddr;
}
