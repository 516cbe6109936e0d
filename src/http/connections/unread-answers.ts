// Limits what clients leave unread of their answers: the memory that waits for them, by address and in total, and the
// time in which they read nothing.
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ClientAddress, networkOf } from '../../identity/client-address.ts';
import { DistinctBytes, type Sized } from './distinct-bytes.ts';

/** A body as it was sent. */
export type SentBody = string | Buffer | readonly Buffer[];

export interface UnreadAnswersTerms {
  readonly clientAddress: ClientAddress;
  /** Bytes that wait for the clients of one IPv4 address or IPv6 network. */
  readonly perAddress: number;
  /** Bytes that wait for all clients together. */
  readonly total: number;
  /**
   * How long a client may read nothing while an answer waits for it, in milliseconds. It takes up to twice as long to
   * notice. Default: 45 seconds.
   */
  readonly readTimeout?: number | undefined;
}

/** The default of `readTimeout`. */
const READ_TIMEOUT = 45_000;

/** An answer that waits. */
interface Answer {
  readonly socket: Socket;
  readonly parts: readonly Sized[];
  readonly address: Address;
}

/** What waits for the clients of one address. The answers are in the order in which they began to wait. */
interface Address {
  readonly network: string;
  readonly answers: Set<Answer>;
  readonly memory: DistinctBytes;
}

/**
 * An answer above a limit is sent all the same. The connection of the one that has waited longest is closed: of that
 * address, or, above the total, of the address for which most waits.
 */
export class UnreadAnswers {
  readonly #terms: UnreadAnswersTerms;
  /** Addresses for which nothing waits are not in the map. */
  readonly #addresses = new Map<string, Address>();
  readonly #memory = new DistinctBytes();
  /** The answers that wait on each connection that ever had one. */
  readonly #waiting = new WeakMap<Socket, Set<Answer>>();

  constructor(terms: UnreadAnswersTerms) {
    this.#terms = terms;
  }

  /** How many bytes wait for all clients. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /**
   * Closes the connections of clients that read nothing for `readTimeout`. Handlers may take as long as they need. A
   * client that reads a little now and then stays, because what waits for it is limited.
   */
  attach(server: Server): void {
    server.timeout = this.#terms.readTimeout ?? READ_TIMEOUT;
    // Emitted for connections without progress, and for those that were idle for `keepAliveTimeout`.
    server.on('timeout', (socket) => {
      const isIdle = socket.timeout !== server.timeout;
      if (isIdle || socket.writableLength > 0) socket.destroy();
    });
  }

  /** Call this after the response was ended with this body. It is cheap if the system has taken everything. */
  sent(response: ServerResponse, body: SentBody | undefined): void {
    if (response.writableLength === 0 || body === undefined) return;
    if (!response.req.socket.destroyed) this.#wait(response, body);
  }

  #wait(response: ServerResponse, body: SentBody): void {
    const { req: request } = response;
    const { perAddress, total, clientAddress } = this.#terms;
    const address = this.#addressOf(networkOf(clientAddress(request)));
    const answer = { socket: request.socket, parts: partsOf(body), address };
    address.answers.add(answer);
    address.memory.add(answer.parts);
    this.#memory.add(answer.parts);
    this.#waitingOn(request.socket).add(answer);
    response.once('close', () => this.#release(answer));
    while (address.memory.bytes > perAddress && this.#cutOff(address, answer));
    while (this.#memory.bytes > total && this.#cutOff(this.#fullest(answer), answer));
  }

  #addressOf(network: string): Address {
    const known = this.#addresses.get(network);
    if (known) return known;
    const address: Address = { network, answers: new Set(), memory: new DistinctBytes() };
    this.#addresses.set(network, address);
    return address;
  }

  /** Node does not close a response that waits behind others of its connection, so this listens to the connection. */
  #waitingOn(socket: Socket): Set<Answer> {
    const known = this.#waiting.get(socket);
    if (known) return known;
    const answers = new Set<Answer>();
    this.#waiting.set(socket, answers);
    socket.once('close', () => this.#releaseAll(answers));
    return answers;
  }

  /** The address for which most waits, besides the newest answer. */
  #fullest(newest: Answer): Address | undefined {
    let fullest: Address | undefined;
    for (const address of this.#addresses.values()) {
      const [oldest] = address.answers;
      if (oldest !== newest && address.memory.bytes > (fullest?.memory.bytes ?? 0)) fullest = address;
    }
    return fullest;
  }

  /** Cuts off the answer that has waited longest. Returns `false` if there is none but the newest. */
  #cutOff(address: Address | undefined, newest: Answer): boolean {
    const [oldest] = address?.answers ?? [];
    if (!oldest || oldest === newest) return false;
    oldest.socket.destroy();
    this.#releaseAll(this.#waitingOn(oldest.socket));
    return true;
  }

  #releaseAll(answers: Set<Answer>): void {
    for (const answer of answers) this.#release(answer);
  }

  #release(answer: Answer): void {
    const { address, parts, socket } = answer;
    if (!address.answers.delete(answer)) return;
    this.#waiting.get(socket)?.delete(answer);
    address.memory.remove(parts);
    this.#memory.remove(parts);
    if (address.answers.size === 0) this.#addresses.delete(address.network);
  }
}

/** A text is encoded anew for each answer, so it is a part of its own. */
function partsOf(body: SentBody): readonly Sized[] {
  if (typeof body === 'string') return [{ byteLength: Buffer.byteLength(body) }];
  return Buffer.isBuffer(body) ? [body] : body;
}
