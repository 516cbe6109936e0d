// Three nodes behind a balancer, each with a network of its own to one PostgreSQL: what a test starts, strikes and ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ServerProcess } from '../crash/server-process.ts';
import { Balancer } from './balancer.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** How long nodes may take to become ready, in milliseconds. */
const STARTING = 60_000;

export class ClusterNode {
  readonly name: string;
  readonly network: TcpProxy;
  readonly #cluster: ClusterTerms;
  #process: ServerProcess | undefined;
  #port = 0;

  constructor(name: string, network: TcpProxy, cluster: ClusterTerms) {
    this.name = name;
    this.network = network;
    this.#cluster = cluster;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What the process has written to its standard error. */
  get complaints(): string {
    return this.#process?.complaints ?? '';
  }

  async start(): Promise<void> {
    const address = new URL(this.#cluster.databaseUrl);
    address.port = String(this.network.port);
    const process = new ServerProcess({
      directory: this.#cluster.directory,
      ...(this.#cluster.built === undefined ? {} : { built: this.#cluster.built }),
      environment: { ...ENVIRONMENT, ...this.#cluster.environment, DATABASE_URL: address.href, NODE_NAME: this.name },
    });
    this.#process = process;
    const url = await process.listening();
    if (url === undefined) throw new Error(`${this.name} did not start:\n${(await process.outcome).complaints}`);
    this.#port = Number(new URL(url).port);
    this.#cluster.balancer.set(this.name, this.#port);
  }

  /** Sends a signal to the process. SIGKILL resolves when it is gone. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    this.#process?.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await this.#process?.ended;
  }

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  }
}

interface ClusterTerms {
  readonly databaseUrl: string;
  readonly directory: string;
  readonly balancer: Balancer;
  /** Settings of every node. */
  readonly environment: Readonly<Record<string, string>>;
  /** The directory of another build of the server. */
  readonly built?: string | undefined;
}

const ENVIRONMENT = { AUTH: 'open', RATE_LIMIT: '0', SAMPLE_DATA: 'false' };

export interface ClusterOptions {
  readonly databaseUrl: string;
  readonly nodes?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** The build that each node runs; default: the one of these tests. */
  readonly builds?: readonly (string | undefined)[];
  readonly isSticky?: boolean;
}

export class Cluster {
  readonly nodes: readonly ClusterNode[];
  readonly balancer: Balancer;
  readonly #directory: string;

  private constructor(nodes: readonly ClusterNode[], balancer: Balancer, directory: string) {
    this.nodes = nodes;
    this.balancer = balancer;
    this.#directory = directory;
  }

  /** Starts the nodes side by side. Resolves when all of them are ready. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const { databaseUrl, nodes: count = 3, environment = {}, builds = [], isSticky = false } = options;
    const directory = mkdtempSync(join(tmpdir(), 'plive-nodes-'));
    const balancer = await Balancer.start({ isSticky });
    const port = Number(new URL(databaseUrl).port);
    const nodes: ClusterNode[] = [];
    for (let index = 0; index < count; index += 1) {
      const terms = { databaseUrl, directory, balancer, environment, built: builds[index] };
      nodes.push(new ClusterNode(`node-${index + 1}`, await TcpProxy.before(port), terms));
    }
    const cluster = new Cluster(nodes, balancer, directory);
    await Promise.all(nodes.map((node) => node.start()));
    await cluster.ready();
    return cluster;
  }

  get url(): string {
    return this.balancer.url;
  }

  /** Resolves when every node is ready. */
  async ready(): Promise<void> {
    const deadline = Date.now() + STARTING;
    while (!(await Promise.all(this.nodes.map((node) => node.isReady()))).every(Boolean)) {
      if (Date.now() > deadline) throw new Error(`Nodes did not become ready.\n${this.#complaints()}`);
      await setTimeout(50);
    }
    await this.balancer.check();
  }

  /** What each node has written to its standard error. */
  #complaints(): string {
    return this.nodes.map(({ name, complaints }) => `${name}:\n${complaints}`).join('\n');
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.nodes.map(async (node) => {
        await node.signal('SIGKILL');
        await node.network.close();
      }),
    );
    await this.balancer.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
