// The client's address: that of the connection's peer, or the one that trusted proxies report in `X-Forwarded-For`.
import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import { RecentMap } from '../bounds/recent-map.ts';

/**
 * The client's IP address. An IPv4 address stays one over an IPv6 socket. Empty if the connection closed before the
 * first call.
 */
export type ClientAddress = (request: IncomingMessage) => string;

/** The proxies that are trusted: how many there are in front of the server, or their addresses and networks. */
export type TrustedProxies = number | readonly string[];

/**
 * Trusts the entries of `X-Forwarded-For` that were added by this number of proxies in front of the server, or by
 * proxies with these addresses or in these networks. With 0 the header is ignored, because any client can send it.
 */
export function createClientAddress(trusted: TrustedProxies): ClientAddress {
  const trust = trustIn(trusted);
  // A closed connection has no peer address any longer, but the access log still needs it.
  const known = new WeakMap<IncomingMessage, string>();
  return (request) => {
    const before = known.get(request);
    if (before !== undefined) return before;
    const address = nearestUntrusted(request, trust) ?? peerOf(request.socket);
    known.set(request, address);
    return address;
  };
}

/**
 * The nearest address that is not trusted: entries beyond it could be forged. The last address if all are trusted.
 * `undefined` if it is no IP address: a proxy may forward any text.
 */
function nearestUntrusted({ socket, headers }: IncomingMessage, trust: Trust): string | undefined {
  // Node joins several headers of this name by commas. The last entry is the nearest.
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((entry) => entry.trim());
  const hops = forwarded
    .filter((entry) => entry !== '')
    .reverse()
    .map(addressIn);
  let nearest = plain(socket.remoteAddress);
  for (const [index, next] of hops.entries()) {
    if (nearest === undefined || !trust(nearest, index)) return nearest;
    nearest = plain(next);
  }
  return nearest;
}

/** The address in an entry such as `192.0.2.1:54321`, `[2001:db8::1]` or `"[2001:db8::1]:443"`: some proxies add ports. */
function addressIn(entry: string): string {
  const [, bracketed, withPort] = /^"?(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?"?$/.exec(entry) ?? [];
  return bracketed ?? withPort ?? entry;
}

/** Returns whether a peer with this address is a trusted proxy. With a number, every peer counts as one. */
export function createProxyTrust(trusted: TrustedProxies): (address: string) => boolean {
  const trust = trustIn(trusted);
  return (address) => trust(address, 0);
}

/** The address of a connection's peer; empty if the connection is closed. */
export function peerOf({ remoteAddress }: Socket): string {
  return plain(remoteAddress) ?? '';
}

/** Whether the proxy at this address, `hop` hops away, is trusted to name the address of its client. */
type Trust = (address: string, hop: number) => boolean;

function trustIn(trusted: TrustedProxies): Trust {
  return typeof trusted === 'number' ? (_address, hop) => hop < trusted : proxyAddr.compile(trusted);
}

function plain(address: string | undefined): string | undefined {
  return address !== undefined && isIP(address) !== 0 ? ipaddr.process(address).toString() : undefined;
}

/**
 * The unit that limits count by: an IPv4 address, or the /64 network of an IPv6 address, because hosts choose the other
 * 64 bits.
 */
export function networkOf(address: string): string {
  const known = networks.get(address);
  if (known !== undefined) return known;
  const parsed = ipaddr.isValid(address) && ipaddr.parse(address);
  const network = parsed instanceof ipaddr.IPv6 ? ipv6Network(parsed, 64) : address;
  networks.set(address, network);
  return network;
}

/** Of recent addresses: parsing one takes longer than the rest of what a limit costs. */
const networks = new RecentMap<string, string>(10_000);

/**
 * The wider network that an address is in: IPv4 /24 or IPv6 /48. One customer of a provider often has all of it, and so
 * many units that `networkOf` counts apart.
 */
export function widerNetworkOf(address: string): string {
  const parsed = ipaddr.isValid(address) && ipaddr.parse(address);
  if (!parsed) return address;
  return parsed instanceof ipaddr.IPv6 ? ipv6Network(parsed, 48) : `${parsed.octets.slice(0, 3).join('.')}.0/24`;
}

function ipv6Network(address: ipaddr.IPv6, bits: 48 | 64): string {
  return `${address
    .toNormalizedString()
    .split(':')
    .slice(0, bits / 16)
    .join(':')}::/${bits}`;
}
