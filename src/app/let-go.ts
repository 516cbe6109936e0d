// How a server is closed whose listening socket another one has taken over.
import type { Server } from 'node:http';

/**
 * To be called once another server listens with this one as its handle: closing this one then leaves the socket open. Node
 * has no public call for that; the member is the one that its documentation of `listen` names.
 */
export function letGo(server: Server): void {
  Object.assign(server, { _handle: null });
}
