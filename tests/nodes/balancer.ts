// A small TCP load balancer: it asks each node whether it is ready, and hands connections to those that are. A client
// stays with its node, as long as that is ready, by its address: polling needs that.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Backend {
  readonly port: number;
  isReady: boolean;
}

/** How often nodes are asked, and how long one may take to answer, in milliseconds. */
const CHECK = { every: 250, within: 1_000 };

export class Balancer {
  readonly #listener: Server;
  readonly #backends = new Map<string, Backend>();
  readonly #open = new Set<Socket>();
  readonly #isSticky: boolean;
  #turn = 0;
  readonly #checking = setInterval(() => void this.check(), CHECK.every);

  private constructor(isSticky: boolean) {
    this.#isSticky = isSticky;
    this.#listener = createServer((client) => this.#accept(client));
  }

  static async start({ isSticky = false } = {}): Promise<Balancer> {
    const balancer = new Balancer(isSticky);
    balancer.#listener.listen(0, '127.0.0.1');
    await once(balancer.#listener, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /** The names of the nodes that get connections. */
  get ready(): readonly string[] {
    return [...this.#backends].filter(([, { isReady }]) => isReady).map(([name]) => name);
  }

  /** Adds a node, or gives it another port. */
  set(name: string, port: number): void {
    this.#backends.set(name, { port, isReady: false });
  }

  /** Asks every node once. */
  async check(): Promise<void> {
    await Promise.all(
      [...this.#backends.values()].map(async (backend) => {
        backend.isReady = await isReady(backend.port);
      }),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#checking);
    this.#listener.close();
    for (const socket of this.#open) socket.destroy();
    await once(this.#listener, 'close');
  }

  #accept(client: Socket): void {
    const backend = this.#choose(client.remoteAddress ?? '');
    if (!backend) return void client.destroy();
    const server = connect(backend.port, '127.0.0.1');
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(from);
      from
        .on('error', () => to.destroy())
        .on('close', () => {
          this.#open.delete(from);
          to.destroy();
        });
      from.pipe(to);
    }
  }

  #choose(address: string): Backend | undefined {
    const ready = [...this.#backends.values()].filter((backend) => backend.isReady);
    this.#turn += 1;
    const index = this.#isSticky ? hashOf(address) : this.#turn;
    return ready[index % ready.length];
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(CHECK.within);
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal })).status === 200;
  } catch {
    return false;
  }
}

function hashOf(text: string): number {
  return [...text].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) >>> 0, 7);
}
