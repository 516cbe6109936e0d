// The gateway: Socket.IO on the HTTP server, joined from admission, room membership and the publisher.
import type { Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Subject, takeUntil } from 'rxjs';
import { Server } from 'socket.io';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { RateLimiter } from '../bounds/rate-limiter.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import type { Policy } from '../identity/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Report } from '../log/report.ts';
import type { Participant } from '../read-models/participant.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { Admission } from './admission.ts';
import { CatchUp } from './catch-up.ts';
import { type Client, type ClientInfo, type ClientLimits, clientInfo, listenTo } from './client.ts';
import type { MaxConnections } from './connection-limits.ts';
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
  readonly unread: UnreadLimits;
  readonly client: ClientLimits;
}

export interface GatewayParts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly policy: Policy;
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  readonly limits: GatewayLimits;
  /** How often a client may send a message, by its id; without it as often as it likes. */
  readonly messages?: RateLimiter | undefined;
  readonly now: () => Date;
  /** Told of errors that nobody foresaw. */
  readonly report: Report;
}

/** How long a client may take to answer that its connection is closed, in milliseconds. */
const GOODBYE = 1_000;

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #admission: Admission;
  readonly #membership: RoomMembership;
  readonly #io: Server;
  /** What snapshots keep of rooms. */
  readonly participant: Participant<RoomEnds>;
  readonly #closed$ = new Subject<void>();
  /** The connections that the HTTP server has handed over: it will not close them itself. */
  readonly #upgraded = new Set<Duplex>();

  /** Listens to the log at once: what it replays while it opens gives every room its place in its sequence again. */
  constructor(parts: GatewayParts) {
    const { log, models, policy, limits, now, report } = parts;
    const history = new RoomHistory(limits.history);
    const closed$ = this.#closed$;
    this.#parts = parts;
    this.participant = history;
    this.#admission = new Admission({ ...parts, maxConnections: limits.connections });
    this.#membership = new RoomMembership({ policy, catchUp: new CatchUp({ log, models, history }), now });
    this.#io = new Server({
      serveClient: true,
      maxHttpBufferSize: limits.messageBytes,
      ...this.#admission.serverOptions,
    });
    const publisher = new Publisher({ io: this.#io, log, history, membership: this.#membership, closed$, report });
    models.transitions$.pipe(takeUntil(closed$)).subscribe(publisher.publish);
    cutOffUnread(this.#io, limits.unread, closed$);
    this.#io.use(this.#admission.identify);
    this.#io.on('connection', (client: Client) => this.#take(client));
  }

  /** Serves sockets on this server, beside its other requests. */
  attach(http: HttpServer): void {
    this.#io.attach(http);
    this.#io.engine.on('connection', (connection: Client['conn']) => this.#admission.count(connection));
    http.on('upgrade', (_request, connection) => {
      this.#upgraded.add(connection);
      connection.once('close', () => this.#upgraded.delete(connection));
    });
  }

  /** Sends a message by hand to a room. Nothing changed, and the message says so. */
  broadcast(message: Omit<TestMessage, 'timestamp' | 'room' | 'test'>, room: string): TestMessage {
    const sent: TestMessage = { ...message, timestamp: this.#parts.now().toISOString(), room, test: true };
    this.#io.to(room).emit(sent.type, sent);
    return sent;
  }

  /** The connected clients as far as the viewer may know of them. */
  clients(viewer: Viewer): ClientInfo[] {
    return [...this.#io.sockets.sockets.values()].flatMap((client) => clientInfo(client, viewer) ?? []);
  }

  /** Closes the connections, in a way that tells clients to come back. The HTTP server goes on. */
  close(): void {
    this.#closed$.next();
    this.#io.engine.close();
    // The WebSocket protocol would let a client that does not answer hold the HTTP server for half a minute.
    setTimeout(() => {
      for (const connection of this.#upgraded) connection.destroy();
    }, GOODBYE).unref();
  }

  #take(client: Client): void {
    const { policy, limits, messages, now, report } = this.#parts;
    const { viewerOfKey } = policy;
    const { enter, identify, join } = this.#membership;
    enter(client);
    listenTo(client, { limits: limits.client, now, report, messages, viewerOfKey, identify, join });
  }
}
