// Handles the requests that a client pipelines one at a time. Node emits all that it has read, however many, as long as
// little is written: it stops reading only when written data waits.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export class Pipelines {
  readonly #max: number;
  /** The requests of a connection that wait for the one in progress, in order. */
  readonly #waiting = new WeakMap<Socket, (() => void)[]>();

  /** `max`: how many requests of one connection can wait. */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Whether the request goes on now. If another one of its connection is in progress, `later` is called when it may. A
   * client that pipelines too many is disconnected; it may send them again.
   */
  admits({ socket }: IncomingMessage, response: ServerResponse, later: () => void): boolean {
    // Only a response that waits for another one has no socket.
    if (response.socket !== null) {
      this.#followed(socket, response);
      return true;
    }
    // Node goes on emitting the requests that it has read.
    if (socket.destroyed) return false;
    const waiting = this.#waiting.get(socket) ?? [];
    this.#waiting.set(socket, waiting);
    waiting.push(() => {
      this.#followed(socket, response);
      later();
    });
    if (waiting.length > this.#max) socket.destroy();
    return false;
  }

  /** Lets the next request go on after this response, in another turn of the event loop: other connections come first. */
  #followed(socket: Socket, response: ServerResponse): void {
    response.once('close', () => {
      const waiting = this.#waiting.get(socket);
      if (waiting?.length && !socket.destroyed) setImmediate(() => waiting.shift()?.());
    });
  }
}
