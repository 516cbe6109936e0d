// Caches the client address per connection. A request with `X-Forwarded-For` is looked up each time: a proxy may reuse
// the connection for several clients.
import type { Socket } from 'node:net';
import type { ClientAddress } from '../identity/client-address.ts';

/** Returns the same addresses as `clientAddress`, cached per connection. */
export function byConnection(clientAddress: ClientAddress): ClientAddress {
  const addresses = new WeakMap<Socket, string>();
  return (request) => {
    const { socket, headers } = request;
    if (headers['x-forwarded-for'] !== undefined) return clientAddress(request);
    const cached = addresses.get(socket);
    if (cached !== undefined) return cached;
    const address = clientAddress(request);
    addresses.set(socket, address);
    return address;
  };
}
