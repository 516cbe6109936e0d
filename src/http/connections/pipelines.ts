// Limits how many requests of one connection are handled at once. Node emits all requests that a client pipelines, however
// many, as long as little is written: it stops reading only when written data waits.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export class Pipelines {
  readonly #max: number;
  /** How many requests of a connection are in progress that came while another one was. */
  readonly #inProgress = new WeakMap<Socket, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether the request is handled. A client that pipelines too many is disconnected; it may send them again. */
  admits({ socket }: IncomingMessage, response: ServerResponse): boolean {
    // Only a response that waits for another one has no socket.
    if (response.socket !== null) return true;
    // Node goes on emitting the requests that it has read.
    if (socket.destroyed) return false;
    const inProgress = this.#count(socket, 1);
    if (inProgress > this.#max) socket.destroy();
    else response.once('close', () => this.#count(socket, -1));
    return inProgress <= this.#max;
  }

  #count(socket: Socket, change: 1 | -1): number {
    const count = (this.#inProgress.get(socket) ?? 0) + change;
    this.#inProgress.set(socket, count);
    return count;
  }
}
