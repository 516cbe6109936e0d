// Puts a check in front of everything that answers requests on a server, Socket.IO included.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Returns whether the request goes on now. If not, it has been answered, its connection is closed, or `later` will be
 * called to let it go on.
 */
export type Check = (request: IncomingMessage, response: ServerResponse, later: () => void) => boolean;

/** Call this after all listeners for requests were added: it wraps those that are there. */
export function inFrontOf(server: Server, check: Check): void {
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const goOn = () => {
      for (const listener of listeners) listener.call(server, request, response);
    };
    if (check(request, response, goOn)) goOn();
  });
}
