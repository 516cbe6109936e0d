// The address that a request comes from: its peer's, or what proxies say that are trusted to say it.
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

/** The client's IP address, IPv4 as such also over an IPv6 socket; empty where the connection was closed before anyone asked. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * Believes `X-Forwarded-For` as far as so many proxies in front of this server wrote it, or those with these addresses or in
 * these networks. With 0 the header means nothing: anyone can send it.
 */
export function createClientAddress(trusted: number | readonly string[]): ClientAddress {
  const trust =
    typeof trusted === 'number' ? (_address: string, hop: number) => hop < trusted : proxyAddr.compile(trusted);
  // A connection that is closed no longer knows whose it was, but the access log still asks.
  const known = new WeakMap<IncomingMessage, string>();
  return (request) => {
    const before = known.get(request);
    if (before !== undefined) return before;
    const address = plain(proxyAddr(request, trust)) ?? plain(request.socket.remoteAddress) ?? '';
    known.set(request, address);
    return address;
  };
}

/** `undefined` for what is no address: a proxy may forward anything. */
function plain(address: string | undefined): string | undefined {
  return address !== undefined && ipaddr.isValid(address) ? ipaddr.process(address).toString() : undefined;
}

/** Whom limits count as one: an IPv4 address, or the 64 bits of an IPv6 address that a network chose, as its hosts choose the rest. */
export function networkOf(address: string): string {
  const parsed = ipaddr.isValid(address) && ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6
    ? `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`
    : address;
}
