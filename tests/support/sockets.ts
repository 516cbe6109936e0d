// A running server, with socket clients that record all received messages, and raw connections that violate the
// protocol.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { PUBLIC_KINDS } from '../../projections/kinds.ts';
import {
  type EntityUpdate,
  type Resync,
  type Snapshot,
  type StatusUpdate,
  updateTypeOf,
} from '../../src/realtime/protocol.ts';
import { type StartedApp, startApp } from './start-app.ts';

/** The types of the messages that tests read. */
interface Messages {
  'service-update': EntityUpdate;
  'incident-update': EntityUpdate;
  'status-update': StatusUpdate;
  snapshot: Snapshot;
  resync: Resync;
}

/** The events that say how entities changed. */
export const ENTITY_UPDATES: readonly string[] = PUBLIC_KINDS.map(updateTypeOf);

/** An organisation whose room no test joins. */
const NOBODYS = 'nobodys';

interface Heard {
  readonly event: string;
  readonly message: unknown;
}

export class TestClient {
  readonly socket: Socket;
  /** All received messages, in order. */
  readonly heard: Heard[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.onAny((event: string, message: unknown) => this.heard.push({ event, message }));
  }

  /** All received messages with this name. */
  all<E extends keyof Messages>(event: E): Messages[E][];
  all(event: string): unknown[];
  all(event: string): unknown[] {
    return this.heard.filter((one) => one.event === event).map(({ message }) => message);
  }

  /** All received updates of entities, in order, optionally of one room. */
  updates(room?: string): EntityUpdate[] {
    return this.heard
      .filter(({ event }) => ENTITY_UPDATES.includes(event))
      .map(({ message }) => message as EntityUpdate)
      .filter((update) => room === undefined || update.room === room);
  }

  statuses(room: string): StatusUpdate[] {
    return this.all('status-update').filter((update) => update.room === room);
  }

  /** Sends a message and resolves with the acknowledgement. */
  ask(event: string, ...args: unknown[]): Promise<unknown> {
    return this.socket.emitWithAck(event, ...args);
  }

  /**
   * Resolves when the server has handled all earlier messages of this client, and the client has received all that was
   * sent to it so far: a server handles them in order, apart from a ping, and a connection keeps the order of messages.
   */
  async settled(): Promise<void> {
    await this.ask('leave-organization', { organizationId: NOBODYS });
    const ofThisLeave = this.heard.findLastIndex(({ event }) => event === 'left-organization');
    this.heard.splice(ofThisLeave, 1);
  }

  /**
   * Resolves when the room's last received status equals this one. The server sends it a little later than the change.
   */
  async hearsStatus(room: string, status: unknown): Promise<void> {
    const text = JSON.stringify(status);
    while (JSON.stringify(this.statuses(room).at(-1)?.data) !== text) await once(this.socket as never, 'status-update');
  }

  forget(): void {
    this.heard.length = 0;
  }
}

export type ClientOptions = Partial<ManagerOptions & SocketOptions>;

/** A server with the clients that a test connects to it. */
export class LiveServer {
  readonly app: StartedApp;
  readonly #sockets: Socket[] = [];
  readonly #connections: TcpSocket[] = [];

  constructor(app: StartedApp) {
    this.app = app;
  }

  static async start(...given: Parameters<typeof startApp>): Promise<LiveServer> {
    return new LiveServer(await startApp(...given));
  }

  /** A client that is connecting. */
  client(options: ClientOptions = {}): TestClient {
    const socket = io(this.app.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    this.#sockets.push(socket);
    return new TestClient(socket);
  }

  /** A client that is connected and has received the messages that every client receives at first. */
  async connect(options: ClientOptions = {}): Promise<TestClient> {
    const client = this.client(options);
    await new Promise<void>((resolve, reject) => {
      client.socket.once('connect', resolve);
      client.socket.once('connect_error', reject);
    });
    await client.settled();
    return client;
  }

  /** A connected client in the room of this organisation. */
  async connectTo(organizationId: string, options: ClientOptions = {}): Promise<TestClient> {
    const client = await this.connect(options);
    await client.ask('join-organization', { organizationId });
    return client;
  }

  /** A connection that reads and sends nothing. It is destroyed with the server. */
  async mute(): Promise<TcpSocket> {
    const connection = await openMute(this.app.url);
    this.#connections.push(connection);
    return connection;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.disconnect();
    for (const connection of this.#connections) connection.destroy();
    await this.app.close();
  }
}

/**
 * A WebSocket that sends only what the test writes and reads nothing, so that its messages pile up. The caller must
 * destroy it.
 */
export async function openMute(url: string): Promise<TcpSocket> {
  const { host, hostname, port } = new URL(url);
  const connection = connectTcp(Number(port), hostname);
  connection.on('error', () => {});
  await once(connection, 'connect');
  connection.write(
    [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      '\r\n',
    ].join('\r\n'),
  );
  await once(connection, 'data');
  connection.pause();
  return connection;
}

/** A short text frame of a client. The mask is zero, so the payload is unchanged. */
export function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 125) throw new Error('A test sends longer frames than this writes.');
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
