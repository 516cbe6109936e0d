// The gateway: runs Socket.IO on the HTTP server, and connects admission, room membership and the publisher.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Subject, takeUntil } from 'rxjs';
import { Server } from 'socket.io';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { RateLimiter } from '../bounds/rate-limiter.ts';
import type { Turn, Turns } from '../bounds/turns.ts';
import { inFrontOf } from '../http/connections/in-front.ts';
import type { Freshness } from '../http/freshness/freshness.ts';
import type { Payers } from '../http/payers.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import type { Policy } from '../identity/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Report } from '../log/report.ts';
import type { Participant } from '../read-models/participant.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { Admission } from './admission.ts';
import { CatchUp } from './catch-up.ts';
import { CatchUpBudget } from './catch-up-budget.ts';
import { type Client, type ClientInfo, type ClientLimits, clientInfo, listenTo } from './client.ts';
import type { MaxConnections } from './connection-limits.ts';
import { EncodedRooms, type EncodedRoomsLimits } from './encoded-rooms.ts';
import { type EngineLimiters, EngineLimits } from './engine-limits.ts';
import type { TestMessage } from './protocol.ts';
import { Publisher } from './publisher.ts';
import { type RoomEnds, RoomHistory, type RoomHistoryLimits } from './room-history.ts';
import { RoomMembership } from './room-membership.ts';
import type { UnreadLimits } from './unread.ts';
import { cutOffUnread } from './unread-cut-off.ts';

export interface GatewayLimits {
  readonly connections: MaxConnections;
  /** Largest message that a client may send, in bytes. */
  readonly messageBytes: number;
  readonly history: RoomHistoryLimits;
  readonly catchUp: EncodedRoomsLimits;
  readonly unread: UnreadLimits;
  readonly client: ClientLimits;
}

interface GatewayLimiters {
  /** Limits the messages of a client, by client id. */
  readonly messages: RateLimiter;
  /** Limit what sockets send, and the HTTP requests to Engine.IO. */
  readonly engine: EngineLimiters;
}

export interface GatewayParts {
  readonly log: EventLog;
  /** Waits for what joins depend on. */
  readonly freshness: Freshness;
  readonly models: ReadModels;
  readonly policy: Policy;
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  readonly limits: GatewayLimits;
  /** Who pays when clients join rooms, and whose turn it is. */
  readonly payers: Payers;
  readonly turns: Turns;
  /** How long a client may read nothing while data waits for it, in milliseconds. Default: 15 seconds. */
  readonly readTimeout?: number | undefined;
  /** Without them, only sizes and numbers are limited, not how often something happens. */
  readonly limiters?: GatewayLimiters | undefined;
  readonly now: () => Date;
  /** Reports unexpected errors to the operator. */
  readonly report: Report;
}

/** How long a client may take to complete the closing handshake of the WebSocket, in milliseconds. */
const CLOSE_TIMEOUT = 1_000;

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #admission: Admission;
  readonly #engineLimits: EngineLimits;
  readonly #budget: CatchUpBudget;
  readonly #membership: RoomMembership;
  readonly #io: Server;
  /** The state of the rooms, for snapshots of the server. */
  readonly participant: Participant<RoomEnds>;
  readonly #closed$ = new Subject<void>();
  /** The connections of WebSockets. The HTTP server does not close connections that were upgraded. */
  readonly #upgraded = new Set<Duplex>();
  /** Those of them that Engine.IO has accepted as WebSockets. */
  readonly #webSockets = new WeakSet<Duplex>();

  /** Subscribes to the read models at once: the replay of the log at start-up restores the sequence of every room. */
  constructor(parts: GatewayParts) {
    const { log, models, policy, clientAddress, limits, limiters, readTimeout, now, report } = parts;
    const history = new RoomHistory(limits.history);
    const encoded = new EncodedRooms({ log, models }, limits.catchUp);
    const closed$ = this.#closed$;
    this.#parts = parts;
    this.participant = history;
    this.#admission = new Admission({ ...parts, maxConnections: limits.connections });
    this.#engineLimits = new EngineLimits(clientAddress, limiters?.engine, parts.payers);
    this.#budget = new CatchUpBudget(parts.payers, limits.client.rooms);
    const catchUp = new CatchUp({ log, models, history, encoded, budget: this.#budget });
    this.#membership = new RoomMembership({ policy, catchUp, now });
    this.#io = new Server({
      serveClient: true,
      maxHttpBufferSize: limits.messageBytes,
      ...this.#admission.serverOptions,
    });
    const membership = this.#membership;
    const publisher = new Publisher({ io: this.#io, log, history, encoded, membership, closed$, report });
    models.transitions$.pipe(takeUntil(closed$)).subscribe(publisher.publish);
    cutOffUnread(this.#io, { ...limits.unread, readTimeout }, closed$);
    this.#io.use(this.#admission.identify);
    this.#io.on('connection', (client: Client) => this.#accept(client));
  }

  /**
   * Serves sockets on this HTTP server, next to its other requests. Calls `onWebSocket` with each connection that becomes
   * a WebSocket.
   */
  attach(http: HttpServer, onWebSocket: (connection: Socket) => void = () => {}): void {
    // Before Engine.IO answers the request.
    http.on('upgrade', (_request, connection) => this.#upgrade(connection));
    this.#io.attach(http);
    inFrontOf(http, this.#engineLimits.admitsScript);
    this.#io.engine.use(this.#engineLimits.middleware);
    this.#io.engine.on('connection', (connection: Client['conn']) => {
      this.#admission.count(connection);
      this.#engineLimits.opened(connection);
    });
    this.#io.engine.on('headers', (_headers: unknown, request: IncomingMessage) => {
      const { socket } = request;
      if (!this.#upgraded.has(socket)) return;
      this.#webSockets.add(socket);
      onWebSocket(socket);
      this.#engineLimits.upgraded(request);
    });
  }

  /** Sends a test message to a room. It is marked with `test: true`, because no entity has changed. */
  broadcast(message: Omit<TestMessage, 'timestamp' | 'room' | 'test'>, room: string): TestMessage {
    const sent: TestMessage = { ...message, timestamp: this.#parts.now().toISOString(), room, test: true };
    this.#io.to(room).emit(sent.type, sent);
    return sent;
  }

  /** What the viewer may know about the connected clients. */
  clients(viewer: Viewer): ClientInfo[] {
    return [...this.#io.sockets.sockets.values()].flatMap((client) => clientInfo(client, viewer) ?? []);
  }

  /** Closes all connections in a way that makes clients reconnect. Does not close the HTTP server. */
  close(): void {
    this.#closed$.next();
    this.#io.engine.close();
    // Otherwise a client that does not complete the closing handshake would keep the HTTP server open for 30 seconds.
    setTimeout(() => {
      for (const connection of this.#upgraded) connection.destroy();
    }, CLOSE_TIMEOUT).unref();
  }

  #upgrade(connection: Duplex): void {
    this.#upgraded.add(connection);
    connection.once('close', () => this.#upgraded.delete(connection));
    // Nobody reads a connection whose upgrade was refused, so that its client has closed it would not be noticed.
    connection.once('finish', () => {
      if (!this.#webSockets.has(connection)) connection.destroy();
    });
  }

  #accept(client: Client): void {
    const { policy, limits, limiters, freshness, turns, now, report } = this.#parts;
    const { viewerOfKey } = policy;
    const { enter, identify, join } = this.#membership;
    enter(client);
    const { messages } = limiters ?? {};
    // A join over budget is answered as usual, so it does not wait until its payer can pay.
    const payer = () => this.#budget.payerOf(client);
    const turn: Turn = (work) => turns.onCredit(payer(), work);
    const reach = (position: number) => freshness.reach(position, payer());
    const freshen = () => freshness.freshen(payer());
    const membership = { viewerOfKey, identify, join };
    listenTo(client, { limits: limits.client, now, report, messages, ...membership, reach, freshen, turn });
  }
}
