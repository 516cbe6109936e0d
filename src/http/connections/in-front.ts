// Puts a check in front of everything that answers requests on a server, Socket.IO included.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Returns whether the request goes on. If not, it has been answered, or its connection is closed. */
export type Check = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Call this after all listeners for requests were added: it wraps those that are there. */
export function inFrontOf(server: Server, check: Check): void {
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (!check(request, response)) return;
    for (const listener of listeners) listener.call(server, request, response);
  });
}
