// The address of a client, found once for each connection where no proxy says that another request comes from elsewhere.
import type { Socket } from 'node:net';
import type { ClientAddress } from '../identity/client-address.ts';

/** The same as `clientAddress` says. */
export function byConnection(clientAddress: ClientAddress): ClientAddress {
  const known = new WeakMap<Socket, string>();
  return (request) => {
    const { socket, headers } = request;
    if (headers['x-forwarded-for'] !== undefined) return clientAddress(request);
    const before = known.get(socket);
    if (before !== undefined) return before;
    const address = clientAddress(request);
    known.set(socket, address);
    return address;
  };
}
