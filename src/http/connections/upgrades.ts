// Requests that offer another protocol (`Upgrade`). The server accepts WebSockets for Socket.IO, and ignores all other
// offers, as RFC 9110 allows: the request is answered in HTTP/1.1.
import { IncomingMessage, type Server } from 'node:http';

/** Where Socket.IO answers. */
const SOCKET_IO = '/socket.io/';

/**
 * Node asks `upgrade` whether it hands the connection over instead of answering the request. It would do so for every
 * offer, because Socket.IO accepts some.
 */
export class OfferingRequest extends IncomingMessage {
  /** Whether the client offers another protocol, or asks for a tunnel. The constructor of Node calls the setter. */
  declare isOffering: boolean;

  get upgrade(): boolean {
    return this.isOffering && (this.method === 'CONNECT' || (offersWebSocket(this) && isForSocketIo(this)));
  }

  set upgrade(isOffering: boolean | null) {
    this.isOffering = isOffering === true;
  }
}

/** Whether a request is for a WebSocket that this server does not have. Express replaces the prototype of requests. */
export function isForeignWebSocket(request: IncomingMessage & Partial<Pick<OfferingRequest, 'isOffering'>>): boolean {
  return request.isOffering === true && offersWebSocket(request) && !isForSocketIo(request);
}

/** Refuses tunnels with a status. Without it, Node closes their connections without an answer. */
export function refuseTunnels(server: Server): void {
  server.on('connect', (_request, connection) => {
    connection.on('error', () => connection.destroy());
    connection.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => {
      // Nobody reads the connection, so that its client has closed it would not be noticed.
      connection.destroy();
    });
  });
}

function offersWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && /(^|[\s,])websocket($|[\s,])/i.test(headers.upgrade);
}

function isForSocketIo({ url = '' }: IncomingMessage): boolean {
  return url.startsWith(SOCKET_IO);
}
