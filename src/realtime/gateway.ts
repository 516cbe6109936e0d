// The gateway: pipes what the log says to Socket.IO rooms, and lets sockets join them without a gap.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { exhaustMap, interval, Subject, takeUntil, takeWhile } from 'rxjs';
import { Server } from 'socket.io';
import type { Filter } from '../../projections/scope.ts';
import { maySee, type Viewer } from '../../projections/viewer.ts';
import type { RateLimiter } from '../commands/rate-limiter.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import type { Policy } from '../identity/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Participant } from '../log/participant.ts';
import type { ReadModels, Transition } from '../log/read-models.ts';
import { type Client, type ClientInfo, clientInfo, listenTo } from './client.ts';
import { ConnectionLimits, type MaxConnections } from './connection-limits.ts';
import type { Resume, TestMessage } from './protocol.ts';
import { type RoomEnds, RoomHistory } from './room-history.ts';
import { roomState } from './room-state.ts';
import { mayJoin, roomOf, roomsNamedBy } from './rooms.ts';
import { hasTooMuchUnread } from './unread.ts';
import { type Change, entityChanges, statusOf, statusUpdates, updateOf } from './updates.ts';

export interface GatewayParts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly policy: Policy;
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  readonly maxConnections: MaxConnections;
  /** How often a client may send a message, by its id; without it as often as it likes. */
  readonly messages?: RateLimiter | undefined;
  readonly now: () => Date;
  /** Told of errors that nobody foresaw. */
  readonly report: (message: string, error: unknown) => void;
}

/** Largest message that a client may send, in bytes. */
const MAX_MESSAGE = 64 * 1024;
/** How often clients are looked at that do not read, in milliseconds. */
const UNREAD_CHECK = 1_000;
/** How long a client may take to answer that its connection is closed, in milliseconds. */
const GOODBYE = 1_000;
const HISTORY = { perRoom: 500, total: 50_000 };

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #io: Server;
  readonly #connections: ConnectionLimits;
  readonly #history = new RoomHistory(HISTORY);
  /** What snapshots keep of rooms. */
  readonly participant: Participant<RoomEnds> = this.#history;
  readonly #connected$ = new Subject<void>();
  readonly #closed$ = new Subject<void>();
  /** The connections that the HTTP server has handed over: it will not close them itself. */
  readonly #upgraded = new Set<Duplex>();

  /** Listens to the log at once: what it replays while it opens gives every room its place in its sequence again. */
  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#connections = new ConnectionLimits(parts.maxConnections);
    this.#io = new Server({
      serveClient: true,
      maxHttpBufferSize: MAX_MESSAGE,
      cors: (request, decide) => {
        const { origin } = request.headers;
        decide(null, { origin: origin ?? false, credentials: origin !== undefined && parts.origins.trusts(origin) });
      },
      allowRequest: (request, decide) => {
        const refusal = this.#refuse(request);
        decide(refusal, refusal === undefined);
      },
    });
    parts.models.transitions$.pipe(takeUntil(this.#closed$)).subscribe((transition) => this.#tell(transition));
    // Only while somebody is connected: a server that fails to open its log leaves no timer behind.
    const checks$ = interval(UNREAD_CHECK).pipe(takeWhile(() => this.clientCount > 0));
    this.#connected$
      .pipe(
        exhaustMap(() => checks$),
        takeUntil(this.#closed$),
      )
      .subscribe(() => this.#cutOffUnread());
    this.#io.on('connection', (client: Client) => {
      listenTo(client, { ...parts, join: this.join });
      this.#connected$.next();
    });
  }

  /** Serves sockets on this server, beside its other requests. */
  attach(http: HttpServer): void {
    this.#io.attach(http);
    this.#io.engine.on('connection', (connection: Client['conn']) => {
      connection.once('close', this.#connections.opened(this.#parts.clientAddress(connection.request)));
    });
    http.on('upgrade', (_request, connection) => {
      this.#upgraded.add(connection);
      connection.once('close', () => this.#upgraded.delete(connection));
    });
  }

  /**
   * Lets a client into rooms, sends what it missed since it left off, or all there is, and where each room stands. Resolves
   * with the rooms it may not join, having joined none, or with none. Once it is known who asks, everything happens in one
   * synchronous step, so that no commit can fall between the state that is sent and the updates that follow it.
   */
  readonly join = async (client: Client, rooms: readonly string[], resume: Resume): Promise<readonly string[]> => {
    const viewer = await this.#parts.policy.viewerOf(client.request);
    const refused = rooms.filter((room) => !viewer || !mayJoin(viewer, room));
    if (refused.length > 0 || !client.connected) return refused;
    for (const room of rooms) {
      // The adapter in memory joins at once: what it returns is for adapters that do not.
      void client.join(room);
      this.#catchUp(client, room, resume);
      client.emit('status-update', statusOf(this.#parts.models.current, room));
    }
    return [];
  };

  /** Sends a message by hand to whom the filter names, or to everyone. Nothing changed, and the message says so. */
  broadcast(message: Omit<TestMessage, 'timestamp' | 'room' | 'test'>, room: string): TestMessage {
    const sent: TestMessage = { ...message, timestamp: this.#parts.now().toISOString(), room, test: true };
    this.#io.to(room).emit(sent.type, sent);
    return sent;
  }

  get clientCount(): number {
    return this.#io.sockets.sockets.size;
  }

  /** The connected clients in the rooms that the filter names, as far as the viewer may see them. */
  clients(viewer: Viewer, filter: Filter): ClientInfo[] {
    const rooms = roomsNamedBy(filter);
    return [...this.#io.sockets.sockets.values()]
      .filter((client) => rooms.every((room) => client.rooms.has(room)))
      .map(clientInfo)
      .filter((info) => info.organizationId === undefined || maySee(viewer, info.organizationId));
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

  /** Why a client that asks for a connection gets none. */
  #refuse(request: IncomingMessage): string | undefined {
    const { origins, clientAddress } = this.#parts;
    const { origin, host } = request.headers;
    // Whoever looks at a stranger's page is a stranger there.
    if (origin !== undefined && !origins.allowsCookies(origin, host)) delete request.headers.cookie;
    if (!origins.allowsHost(host)) return 'This host name is not served.';
    if (!origins.allowsSocket(origin, host)) return 'Pages of this origin may not connect.';
    return this.#connections.refuse(clientAddress(request));
  }

  #tell(transition: Transition): void {
    // So far back in a log that is replayed, nothing would be remembered, and nobody is there to hear it.
    const isLongAgo = transition.batch.last <= this.#parts.log.head - HISTORY.total;
    try {
      const { events, redacted } = transition.batch;
      if (redacted) for (const event of events) this.#history.forget(roomOf(event));
      const changes = entityChanges(transition);
      for (const change of changes) {
        if (isLongAgo) this.#history.pass(change);
        else this.#tellChange(change);
      }
      if (this.clientCount === 0) return;
      for (const update of statusUpdates(transition, changes)) this.#emit(update.room, update.type, update);
    } catch (error) {
      this.#parts.report(`rooms were not told of the commit at ${transition.batch.first}`, error);
    }
  }

  #tellChange(change: Change): void {
    const update = this.#history.append(updateOf(change));
    this.#emit(update.room, update.type, update);
  }

  #emit(room: string, type: string, message: object): void {
    // Socket.IO encodes before it looks for receivers; a replayed log has none.
    if (this.#io.sockets.adapter.rooms.has(room)) this.#io.to(room).emit(type, message);
  }

  #catchUp(client: Client, room: string, { after, seen }: Resume): void {
    if (after === undefined) return;
    const { position } = this.#parts.log;
    const missed = after > position ? undefined : this.#history.since(room, { after, seen });
    if (missed) {
      for (const update of missed) client.emit(update.type, update);
    } else {
      const state = roomState(this.#parts.models.current, room, position);
      client.emit('services' in state ? 'snapshot' : 'resync', state);
    }
  }

  #cutOffUnread(): void {
    for (const { conn } of this.#io.sockets.sockets.values()) {
      if (hasTooMuchUnread(conn)) conn.close(true);
    }
  }
}
