// A cheap HTTP/1.1 load generator on keep-alive connections: closed loops send the next request after each answer, an
// open loop sends requests at a fixed rate.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answered {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  /** Time from the request to the complete answer, in milliseconds. */
  readonly duration: number;
}

/** The buffer that all connections share: each chunk is processed before the next one is read. */
const BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const CLOSED = 'The server closed a connection.';
const END_OF_HEAD = '\r\n\r\n';

/** A connection with at most one request in flight. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  /** The beginning of a head that has not arrived completely. */
  #begun: Buffer | undefined;
  #head = '';
  /** Number of bytes of the body that have not arrived yet. */
  #left = 0;
  #sentAt = 0;
  #settle: { readonly resolve: (answered: Answered) => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(host: string, port: number, localAddress: string | undefined) {
    this.#host = host;
    const read = (size: number) => {
      this.#receive(BUFFER.subarray(0, size));
      return true;
    };
    const onread = { buffer: BUFFER, callback: read };
    this.#socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true, onread });
    this.#socket.on('error', (error) => this.#settle?.reject(error));
    this.#socket.on('close', () => this.#settle?.reject(new Error(CLOSED)));
  }

  /** `localAddress`: the loopback address that it comes from. Default: the system chooses. */
  static async open(url: string, localAddress?: string): Promise<Connection> {
    const { host, port } = new URL(url);
    const connection = new Connection(host, Number(port), localAddress);
    await once(connection.#socket, 'connect');
    return connection;
  }

  /** Sends a request such as `GET /path`, with optional headers and a JSON body. */
  send(line: string, { headers = '', body = '' }: { headers?: string; body?: string } = {}): Promise<Answered> {
    if (this.#socket.destroyed) return Promise.reject(new Error(CLOSED));
    const length =
      body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    this.#sentAt = performance.now();
    this.#socket.write(`${line} HTTP/1.1\r\nHost: ${this.#host}\r\n${length}${headers}\r\n${body}`);
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#left > 0) {
      this.#left -= chunk.length;
    } else {
      const data = this.#begun ? Buffer.concat([this.#begun, chunk]) : chunk;
      const end = data.indexOf(END_OF_HEAD);
      // Copied, because the next chunk is read into the same memory.
      this.#begun = end < 0 ? Buffer.from(data) : undefined;
      if (end < 0) return;
      this.#head = data.toString('latin1', 0, end);
      this.#left = bodyLength(this.#head) - (data.length - end - END_OF_HEAD.length);
    }
    if (this.#left === 0) this.#answered();
  }

  #answered(): void {
    const settle = this.#settle;
    this.#settle = undefined;
    const duration = performance.now() - this.#sentAt;
    settle?.resolve({ status: Number(this.#head.slice(9, 12)), head: this.#head, duration });
  }
}

function bodyLength(head: string): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (head.startsWith('304', 9) || head.startsWith('204', 9)) return 0;
  throw new Error(`An answer does not say how long it is: ${head}`);
}

/** Sends the next request on this connection. */
export type Ask = (connection: Connection) => Promise<Answered>;

/** Sends the same request each time. Rejects if the answer has another status. */
export function asking(line: string, status: number, headers = ''): Ask {
  return async (connection) => expectStatus(await connection.send(line, { headers }), status, line);
}

export function expectStatus(answered: Answered, status: number, line: string): Answered {
  if (answered.status !== status) throw new Error(`${line} was answered with ${answered.status} instead of ${status}.`);
  return answered;
}

/** Opens a connection, calls `use` with it, and closes it. */
export function withConnection<T>(url: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  return withConnections(url, 1, ([connection]) => use(connection as Connection));
}

/** On Linux all of 127.0.0.0/8 is this machine: each connection is a client of its own, whose requests are counted apart. */
function loopbackAddress(index: number): string | undefined {
  return process.platform === 'linux' ? `127.0.1.${1 + (index % 250)}` : undefined;
}

/** Opens this many connections, calls `use` with them, and closes them. */
export async function withConnections<T>(
  url: string,
  count: number,
  use: (connections: readonly Connection[]) => Promise<T>,
): Promise<T> {
  const connections = await Promise.all(
    Array.from({ length: count }, (_, index) => Connection.open(url, loopbackAddress(index))),
  );
  try {
    return await use(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** The result of a load. */
export interface Answers {
  /** Time of each request in milliseconds, in the order of the answers. */
  readonly durations: readonly number[];
  /** Duration of the whole load. */
  readonly seconds: number;
}

/**
 * Each connection sends the next request after each answer, for this many seconds or until this many requests were
 * sent.
 */
export async function closedLoop(
  connections: readonly Connection[],
  ask: Ask,
  { seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY },
): Promise<Answers> {
  const durations: number[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1_000;
  let left = requests;
  const loop = async (connection: Connection) => {
    while (left > 0 && performance.now() < end) {
      left -= 1;
      durations.push((await ask(connection)).duration);
    }
  };
  await Promise.all(connections.map(loop));
  return { durations, seconds: (performance.now() - begin) / 1_000 };
}

/** How often an open loop checks the clock, in milliseconds. */
const TICK = 1;

/**
 * Sends requests at a fixed rate, independently of the answers. If all connections are busy when a request is due, it
 * is sent on the next free one. Its time counts from when it was due.
 */
export async function openLoop(
  connections: readonly Connection[],
  ask: Ask,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Answers> {
  const idle = [...connections];
  const durations: number[] = [];
  const total = Math.round(perSecond * seconds);
  const begin = performance.now();
  let asked = 0;
  let failure: unknown;
  const dueAt = (index: number) => begin + (index * 1_000) / perSecond;
  const askNow = async (connection: Connection, due: number) => {
    await ask(connection);
    durations.push(performance.now() - due);
    idle.push(connection);
  };
  while (durations.length < total && failure === undefined) {
    while (asked < total && idle.length > 0 && dueAt(asked) <= performance.now()) {
      askNow(idle.pop() as Connection, dueAt(asked)).catch((error) => {
        failure = error;
      });
      asked += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
  if (failure !== undefined) throw failure;
  return { durations, seconds: (performance.now() - begin) / 1_000 };
}
