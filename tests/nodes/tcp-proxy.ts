// A TCP proxy in front of a server, whose network a test breaks: cut, stalled in one direction or both, slow, or lost at
// the moment of a COMMIT.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

type Direction = 'toServer' | 'toClient';

/** What a node sends to commit: as a simple query, or as a statement that is a transaction of its own. */
const COMMITS = ['commit\0', 'select plive.record_after('] as const;

export class TcpProxy {
  /** How long each chunk of bytes is on its way, in milliseconds. */
  delay = 0;
  readonly #target: number;
  readonly #listener: Server;
  readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();
  #isCut = false;
  #swallowing = 0;
  readonly #stalled = new Map<Direction, Promise<void>>();
  readonly #release = new Map<Direction, () => void>();

  private constructor(target: number) {
    this.#target = target;
    this.#listener = createServer((client) => this.#accept(client));
  }

  /** A proxy in front of this port of the loopback interface. */
  static async before(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#listener.listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Breaks all connections, and accepts none until `heal`. */
  cut(): void {
    this.#isCut = true;
    this.breakAll();
  }

  /** Breaks all connections; new ones are accepted. */
  breakAll(): void {
    for (const [client, server] of this.#pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Lets bytes of this direction wait until `heal`: the connections stay open. */
  stall(direction: Direction): void {
    if (this.#stalled.has(direction)) return;
    this.#stalled.set(direction, new Promise((resolve) => this.#release.set(direction, resolve)));
  }

  /** Of this many COMMITs the server gets each one, and the connection breaks in place of its answer. */
  swallowCommits(count: number): void {
    this.#swallowing = count;
  }

  heal(): void {
    this.#isCut = false;
    this.delay = 0;
    this.#swallowing = 0;
    for (const release of this.#release.values()) release();
    this.#release.clear();
    this.#stalled.clear();
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #accept(client: Socket): void {
    if (this.#isCut) return void client.destroy();
    const server = connect(this.#target, '127.0.0.1');
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    let isSwallowing = false;
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end);
    this.#pipe(client, server, 'toServer', (bytes) => {
      if (this.#swallowing > 0 && COMMITS.some((commit) => bytes.includes(commit))) {
        this.#swallowing -= 1;
        isSwallowing = true;
      }
      return true;
    });
    this.#pipe(server, client, 'toClient', () => {
      if (isSwallowing) end();
      return !isSwallowing;
    });
  }

  /** Passes chunks on in order, each after the one before. `passes` says whether a chunk may pass. */
  #pipe(from: Socket, to: Socket, direction: Direction, passes: (bytes: Buffer) => boolean): void {
    let before: Promise<unknown> = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      if (!passes(bytes)) return;
      const way = this.delay > 0 ? setTimeout(this.delay) : undefined;
      before = Promise.all([before, way]).then(async () => {
        await this.#stalled.get(direction);
        if (!to.destroyed) to.write(bytes);
      });
    });
    from.on('end', () => void before.then(() => to.end()));
  }
}
