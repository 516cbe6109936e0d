// Limits the open connections, by peer and in total. Near the total, those that were idle longest are closed.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { atMostEvery } from '../../bounds/at-most-every.ts';
import { networkOf, peerOf } from '../../identity/client-address.ts';
import type { Report } from '../../log/report.ts';
import { inFrontOf } from './in-front.ts';
import { Pipelines } from './pipelines.ts';

export interface ConnectionTerms {
  /** Connections of one IPv4 address or IPv6 network, WebSockets aside. `undefined`: no limit. */
  readonly perPeer: number | undefined;
  /** All connections. `undefined`: no limit. */
  readonly total: number | undefined;
  /** How many pipelined requests of one connection can wait for the one in progress. */
  readonly pipelined: number;
  /** Whether a peer with this address is a trusted proxy. Its connections are those of many clients. */
  readonly isProxy: (address: string) => boolean;
  readonly report: Report;
}

interface Connection {
  /** The peer that it counts for; `undefined` if it is a trusted proxy. */
  readonly peer: string | undefined;
  /** When it was last used: connections are numbered in the order in which they send requests. */
  usedAt: number;
}

/** From which share of the total idle connections are closed, and which share of the total at once. */
const NEAR = 0.9;
const BATCH = 0.05;
/** How often refused connections are reported at most, in milliseconds. */
const REPORT_INTERVAL = 60_000;

export class Connections {
  readonly #terms: ConnectionTerms;
  readonly #pipelines: Pipelines;
  /** The connections that are not WebSockets. */
  readonly #open = new Map<Socket, Connection>();
  /** How many of them each limited peer has. Peers without connections are not in the map. */
  readonly #counts = new Map<string, number>();
  /** How many connections there are, WebSockets included. */
  #total = 0;
  /** How many clients have connected, or tried to, since idle connections were last closed. */
  #arrivals = 0;
  #requests = 0;
  readonly #reportRefused: () => void;

  constructor(terms: ConnectionTerms) {
    this.#terms = terms;
    this.#pipelines = new Pipelines(terms.pipelined);
    this.#reportRefused = atMostEvery(REPORT_INTERVAL, (count) =>
      terms.report('connections are refused', `too many are open; ${count} refused since the last report`),
    );
  }

  /** Limits the connections of this server. Call this after all its listeners for requests were added. */
  attach(server: Server): void {
    const { total } = this.#terms;
    // Node itself refuses connections above the total, before it makes anything for them.
    if (total !== undefined) server.maxConnections = total;
    server.on('connection', (socket) => {
      this.#arrived(server);
      this.#opened(socket);
    });
    server.on('drop', () => {
      this.#arrived(server);
      this.#reportRefused();
    });
    inFrontOf(server, (request, response, later) => {
      this.#requests += 1;
      const connection = this.#open.get(request.socket);
      if (connection) connection.usedAt = this.#requests;
      return this.#pipelines.admits(request, response, later);
    });
  }

  /** No longer counts a connection for its peer: it has become a WebSocket. Those are counted by themselves. */
  becameWebSocket(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (!connection) return;
    this.#open.delete(socket);
    if (connection.peer !== undefined) this.#count(connection.peer, -1);
  }

  #opened(socket: Socket): void {
    const { perPeer, isProxy } = this.#terms;
    const address = peerOf(socket);
    const peer = perPeer === undefined || isProxy(address) ? undefined : networkOf(address);
    this.#total += 1;
    this.#open.set(socket, { peer, usedAt: this.#requests });
    socket.once('close', () => {
      this.#total -= 1;
      this.becameWebSocket(socket);
    });
    if (peer === undefined || perPeer === undefined || this.#count(peer, 1) <= perPeer) return;
    socket.destroy();
    this.#reportRefused();
  }

  #count(peer: string, change: 1 | -1): number {
    const count = (this.#counts.get(peer) ?? 0) + change;
    if (count > 0) this.#counts.set(peer, count);
    else this.#counts.delete(peer);
    return count;
  }

  /** Closes idle connections near the total, and then only after as many arrivals as it closes at once. */
  #arrived(server: Server): void {
    const { total } = this.#terms;
    if (total === undefined) return;
    const batch = Math.ceil(total * BATCH);
    this.#arrivals += 1;
    if (this.#total < total * NEAR || this.#arrivals < batch) return;
    this.#arrivals = 0;
    // Node gives a connection another timeout while it is idle.
    const idle = [...this.#open].filter(([socket]) => socket.timeout !== server.timeout);
    idle.sort(([, one], [, other]) => one.usedAt - other.usedAt);
    for (const [socket] of idle.slice(0, batch)) socket.destroy();
  }
}
