// Limits what sockets send, and the HTTP requests to Socket.IO, which answers them before the limits of all other
// requests: handshakes, polls, CORS preflights, requests to sessions that do not exist, and requests for the scripts of
// the client.
import type { EventEmitter } from 'node:events';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'socket.io';
import type { RateLimiter, Verdict } from '../bounds/rate-limiter.ts';
import type { Payers } from '../http/payers.ts';
import { type ClientAddress, networkOf } from '../identity/client-address.ts';

export interface EngineLimiters {
  /** Limits requests without a session, those for scripts too, by address or IPv6 network. */
  readonly handshakes: RateLimiter;
  /** Limits the requests of each session, by method. */
  readonly polls: RateLimiter;
  /** Limits the pings and pongs of each WebSocket. */
  readonly controlFrames: RateLimiter;
  /** Limits what all sockets of an address or IPv6 network send, messages that nobody handles and heartbeats too. */
  readonly packets: RateLimiter;
}

/** What Engine.IO makes of a request for a WebSocket, before the session that it is for is known. */
interface WebSocketRequest extends IncomingMessage {
  readonly websocket?: Pick<EventEmitter, 'on' | 'removeListener'> & { terminate(): void };
}

/** A request with the query that Engine.IO has parsed. */
export interface EngineRequest extends IncomingMessage {
  readonly _query: Readonly<Record<string, string>>;
}

type Connection = Socket['conn'];

export class EngineLimits {
  readonly #clientAddress: ClientAddress;
  readonly #limiters: EngineLimiters | undefined;
  readonly #payers: Payers;
  readonly #sessions = new Map<string, Connection>();
  /** How many WebSockets there were. */
  #webSockets = 0;

  /** Without limiters, requests are not limited. */
  constructor(clientAddress: ClientAddress, limiters: EngineLimiters | undefined, payers: Payers) {
    this.#clientAddress = clientAddress;
    this.#limiters = limiters;
    this.#payers = payers;
  }

  /** Knows the session of a new connection, until it closes. Closes it if its address sends too much. */
  opened(connection: Connection): void {
    const { sid } = connection.transport;
    this.#sessions.set(sid, connection);
    connection.once('close', () => this.#sessions.delete(sid));
    if (!this.#limiters) return;
    const { packets } = this.#limiters;
    const network = networkOf(this.#clientAddress(connection.request));
    // Closed without an answer: that would cost as much as what it refuses.
    connection.on('packet', () => {
      if (!packets.take(network).allowed) connection.close(true);
    });
  }

  /**
   * Cuts off a new WebSocket if it, or its address, sends too many pings and pongs: the protocol answers pings before
   * Engine.IO hears of them. Call this while the answer to its request is sent.
   */
  upgraded(request: WebSocketRequest): void {
    if (!this.#limiters) return;
    const { controlFrames, packets } = this.#limiters;
    const network = networkOf(this.#clientAddress(request));
    this.#webSockets += 1;
    const name = String(this.#webSockets);
    queueMicrotask(() => {
      const { websocket } = request;
      const count = () => {
        if (controlFrames.take(name).allowed && packets.take(network).allowed) return;
        for (const frame of CONTROL_FRAMES) websocket?.removeListener(frame, count);
        websocket?.terminate();
      };
      for (const frame of CONTROL_FRAMES) websocket?.on(frame, count);
    });
  }

  /** Middleware of Engine.IO, after the one for CORS, which leaves the answers to preflights to it. */
  readonly middleware = (request: EngineRequest, response: unknown, next: (error?: Error) => void): void => {
    const verdict = this.#take(request);
    if (response instanceof ServerResponse) this.#chargeBytes(request, response);
    if (verdict?.allowed === false) refuse(verdict, response, next);
    else if (request.method === 'OPTIONS' && response instanceof ServerResponse) answerPreflight(response);
    else next();
  };

  /** Whether a request is handled. Counts those for scripts, which do not reach Engine.IO and its middleware. */
  readonly admitsScript = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!this.#limiters || !SCRIPT.test(request.url ?? '')) return true;
    const verdict = this.#limiters.handshakes.take(networkOf(this.#clientAddress(request)));
    if (!verdict.allowed) answerRefusal(verdict, response);
    return verdict.allowed;
  };

  /** Long polling pays for what it is sent. */
  #chargeBytes(request: EngineRequest, response: ServerResponse): void {
    const { socket } = request;
    const before = socket.bytesWritten;
    const payer = this.#payers.ofAddress(request);
    response.once('finish', () => payer.charge({ bytes: socket.bytesWritten - before }));
  }

  /** Counts the request. Closes its session if that sends too many. */
  #take(request: EngineRequest): Verdict | undefined {
    if (!this.#limiters) return undefined;
    const { handshakes, polls } = this.#limiters;
    const { sid = '' } = request._query;
    const session = this.#sessions.get(sid);
    if (!session) return handshakes.take(networkOf(this.#clientAddress(request)));
    const verdict = polls.take(`${request.method} ${sid}`);
    if (!verdict.allowed) session.close(true);
    return verdict;
  }
}

/** As events of a WebSocket. */
const CONTROL_FRAMES = ['ping', 'pong'];

/** The scripts of the client, and their source maps, that Socket.IO serves. */
const SCRIPT = /^\/socket\.io\/socket\.io[\w.]*\.js(\.map)?(\?|$)/;

/** Only Engine.IO itself can refuse an upgrade to a WebSocket. */
function refuse(verdict: Verdict, response: unknown, next: (error: Error) => void): void {
  if (response instanceof ServerResponse) answerRefusal(verdict, response);
  else next(new Error(messageOf(verdict)));
}

/** Answers in the form of Engine.IO's own errors. */
function answerRefusal(verdict: Verdict, response: ServerResponse): void {
  response.writeHead(429, { 'Content-Type': 'application/json', 'Retry-After': String(verdict.retryAfter) });
  response.end(JSON.stringify({ code: FORBIDDEN, message: messageOf(verdict) }));
}

function messageOf({ retryAfter, quota }: Verdict): string {
  return `At most ${quota.count} in ${quota.window} s are allowed per ${quota.name}; wait ${retryAfter} s.`;
}

/** The code of a refused request in Engine.IO. */
const FORBIDDEN = 4;

function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, { 'Content-Length': '0' }).end();
}
