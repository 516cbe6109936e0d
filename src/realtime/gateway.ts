// The gateway: pipes what the log says to Socket.IO rooms, and lets sockets join them without a gap.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { exhaustMap, interval, Subject, takeUntil, takeWhile } from 'rxjs';
import { Server } from 'socket.io';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { findOrganization } from '../../projections/organizations.ts';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import type { RateLimiter } from '../bounds/rate-limiter.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import type { Policy } from '../identity/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Report } from '../log/report.ts';
import type { Participant } from '../read-models/participant.ts';
import type { ReadModels, Transition } from '../read-models/read-models.ts';
import {
  type Client,
  type ClientInfo,
  clientInfo,
  INVALID_KEY,
  left,
  listenTo,
  notAuthenticated,
  roomsOf,
} from './client.ts';
import { conflated } from './conflation.ts';
import { ConnectionLimits, type MaxConnections } from './connection-limits.ts';
import type { Resume, StatusUpdate, TestMessage } from './protocol.ts';
import { type RoomEnds, RoomHistory } from './room-history.ts';
import { roomState } from './room-state.ts';
import { EVERYONE, mayJoin, organizationRoom, roomOf } from './rooms.ts';
import { Unread } from './unread.ts';
import {
  type Change,
  changedOrganizations,
  entityChanges,
  organizationUpdate,
  statusOf,
  statusUpdates,
  updateOf,
} from './updates.ts';

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
  readonly report: Report;
}

/** Largest message that a client may send, in bytes. */
const MAX_MESSAGE = 64 * 1024;
/** How often clients are looked at that do not read, in milliseconds. */
const UNREAD_CHECK = 1_000;
/** How long a client may take to answer that its connection is closed, in milliseconds. */
const GOODBYE = 1_000;
/** How far the status updates of a room lie apart at the least, in milliseconds: only the latest one counts. */
const STATUS_INTERVAL = 100;
const HISTORY = { perRoom: 500, total: 50_000 };

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #io: Server;
  readonly #connections: ConnectionLimits;
  readonly #history = new RoomHistory(HISTORY);
  /** What snapshots keep of rooms. */
  readonly participant: Participant<RoomEnds> = this.#history;
  readonly #statuses$ = new Subject<StatusUpdate>();
  readonly #unread = new Unread();
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
    conflated(this.#statuses$, STATUS_INTERVAL)
      .pipe(takeUntil(this.#closed$))
      .subscribe((update) => this.#emit(update.room, update.type, update));
    // Only while somebody is connected: a server that fails to open its log leaves no timer behind.
    const checks$ = interval(UNREAD_CHECK).pipe(takeWhile(() => this.#isHeard));
    this.#connected$
      .pipe(
        exhaustMap(() => checks$),
        takeUntil(this.#closed$),
      )
      .subscribe(() => this.#cutOffUnread());
    this.#io.use((client: Client, decide) => {
      this.#viewerOf(client).then(
        (viewer) => {
          if (viewer) client.data.viewer = viewer;
          decide(viewer ? undefined : new Error(INVALID_KEY));
        },
        (error) => {
          parts.report('it was not found out who a client is', error);
          decide(new Error('Something went wrong on our side.'));
        },
      );
    });
    this.#io.on('connection', (client: Client) => {
      client.data.release = this.#releaseOf(client, client.data.viewer);
      client.once('disconnect', () => client.data.release());
      const { viewerOfKey } = parts.policy;
      listenTo(client, { ...parts, viewerOfKey, identify: this.identify, join: this.join });
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
   * Lets a client into those of the rooms that it may hear, sends what it missed since it left off, or all there is, and where
   * each room stands: in one synchronous step, so that no commit can fall between the state that is sent and the updates
   * that follow it.
   */
  readonly join = (client: Client, rooms: readonly string[], resume: Resume): void => {
    if (!client.connected) return;
    for (const room of rooms.filter((each) => mayJoin(client.data.viewer, each))) {
      // The adapter in memory joins at once: what it returns is for adapters that do not.
      void client.join(room);
      this.#catchUp(client, room, resume);
      client.emit('status-update', statusOf(this.#parts.models.current, room));
    }
  };

  /** Makes a client this viewer's: what they may not hear it hears no more. */
  readonly identify = (client: Client, viewer: Viewer): void => {
    if (!client.connected) return;
    client.data.release();
    client.data.viewer = viewer;
    client.data.release = this.#releaseOf(client, viewer);
    this.#settle(client);
  };

  /** Sends a message by hand to whom the filter names, or to everyone. Nothing changed, and the message says so. */
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

  get #isHeard(): boolean {
    return this.#io.sockets.sockets.size > 0;
  }

  /** Who a client is that connects; `undefined` where it brings a key that is not, or not any more, valid. */
  #viewerOf({ handshake, request }: Client): Promise<Viewer | undefined> {
    const { policy } = this.#parts;
    const { key } = handshake.auth;
    if (key === undefined) return policy.viewerOf(request);
    return policy.viewerOfKey(typeof key === 'string' ? key : '');
  }

  /** Ends the connection with the session or key of the viewer; returns what stops that. */
  #releaseOf(client: Client, viewer: Viewer): () => void {
    return this.#parts.policy.whenEnded(viewer, () => {
      for (const room of roomsOf(client)) void client.leave(room);
      const { event, body } = notAuthenticated('The session or API key has ended.');
      client.emit(event, body);
      // Not a disconnect, after which clients stay away: they come back by themselves, as who they are then.
      client.conn.close();
    });
  }

  /** Takes a client out of the rooms that it may not hear any more, and into that of everyone where it waits for it. */
  #settle(client: Client): void {
    const { viewer, hasLeftEveryone } = client.data;
    for (const room of roomsOf(client).filter((each) => !mayJoin(viewer, each))) {
      void client.leave(room);
      const { event, body } = left(room, this.#parts.now());
      client.emit(event, body);
    }
    if (!hasLeftEveryone && !client.rooms.has(EVERYONE)) this.join(client, [EVERYONE], {});
  }

  /** Lets everyone whom a change of the organisation concerns hear what they may by now, and tells its members of it. */
  #tellOrganization(id: string, transition: Transition): void {
    const clients = this.#clientsOf(id);
    for (const client of clients) this.#settle(client);
    const room = organizationRoom(id);
    const members = clients.filter(({ rooms, data }) => rooms.has(room) && isMember(data.viewer, id));
    const organization = findOrganization(transition.after.organizations, id);
    if (!organization || members.length === 0) return;
    const update = organizationUpdate(organization, transition);
    this.#io.to(members.map((client) => client.id)).emit(update.type, update);
  }

  /** The clients that hear of an organisation, and those that wait to. */
  #clientsOf(organizationId: string): Client[] {
    const { sockets, adapter } = this.#io.sockets;
    // Its tenants have rooms of their own, and everyone is to be in its own.
    if (organizationId === DEFAULT_ORGANIZATION) return [...sockets.values()];
    return [...(adapter.rooms.get(organizationRoom(organizationId)) ?? [])].flatMap((id) => sockets.get(id) ?? []);
  }

  #tell(transition: Transition): void {
    // So far back in a log that is replayed, nothing would be remembered, and nobody is there to hear it.
    const isLongAgo = transition.batch.last <= this.#parts.log.head - HISTORY.total;
    try {
      const { events, redacted } = transition.batch;
      if (redacted) for (const event of events) this.#history.forget(roomOf(event));
      // First: whoever may not hear any more what follows must not.
      if (this.#isHeard) for (const id of changedOrganizations(transition)) this.#tellOrganization(id, transition);
      const changes = entityChanges(transition);
      for (const change of changes) {
        if (isLongAgo) this.#history.pass(change);
        else this.#tellChange(change);
      }
      if (!this.#isHeard) return;
      for (const update of statusUpdates(transition, changes)) this.#statuses$.next(update);
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
      if (this.#unread.isTooMuch(conn)) conn.close(true);
    }
  }
}
