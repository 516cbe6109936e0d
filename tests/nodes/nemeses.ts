// What strikes a cluster: each strike begins, lasts, and is healed.
import { oneOf, type Random } from '../crash/random.ts';
import type { Cluster, ClusterNode } from './cluster.ts';

/** The one PostgreSQL of a cluster. */
export interface StruckDatabase {
  /** Stops the server like a crash. Resolves with what starts it again. Absent for a server that others use too. */
  readonly crash?: (() => Promise<() => Promise<void>>) | undefined;
  /** Ends every connection. */
  terminateBackends(): Promise<void>;
}

/** Crashes a server that nobody else uses. */
export function crashing(server: { start(): Promise<void>; stop(): Promise<void> }): StruckDatabase['crash'] {
  return async () => {
    await server.stop();
    return () => server.start();
  };
}

export interface Nemesis {
  readonly name: string;
  /** Whether it needs a server that nobody else uses. */
  readonly needsServer?: true;
  /** Resolves with what heals it. */
  strike(cluster: Cluster, database: StruckDatabase, random: Random): Promise<() => Promise<void>>;
}

const network = (name: string, strike: (node: ClusterNode) => void): Nemesis => ({
  name,
  async strike({ nodes }, _database, random) {
    const node = oneOf(random, nodes);
    strike(node);
    return async () => node.network.heal();
  },
});

export const nemeses: readonly Nemesis[] = [
  {
    name: 'kill -9',
    async strike({ nodes }, _database, random) {
      const node = oneOf(random, nodes);
      await node.signal('SIGKILL');
      return () => node.start();
    },
  },
  {
    name: 'SIGSTOP, and wake',
    async strike({ nodes }, _database, random) {
      const node = oneOf(random, nodes);
      await node.signal('SIGSTOP');
      return () => node.signal('SIGCONT');
    },
  },
  {
    name: 'a node closes, and another one starts',
    async strike({ nodes }, _database, random) {
      const node = oneOf(random, nodes);
      await node.signal('SIGTERM');
      return () => node.start();
    },
  },
  {
    name: 'pg_terminate_backend, again and again',
    async strike(_cluster, database) {
      const timer = setInterval(() => void database.terminateBackends().catch(() => {}), 500);
      return async () => clearInterval(timer);
    },
  },
  {
    name: 'PostgreSQL crashes',
    needsServer: true,
    async strike(_cluster, { crash = async () => async () => {} }) {
      return crash();
    },
  },
  network('one node is cut off', (node) => node.network.cut()),
  network('one node hears nothing', (node) => node.network.stall('toClient')),
  network('one node is not heard', (node) => node.network.stall('toServer')),
  network('one node has a slow network', (node) => {
    node.network.delay = 100;
  }),
  network('answers to COMMIT are lost', (node) => node.network.swallowCommits(1_000)),
  {
    name: 'all are cut off',
    async strike({ nodes }) {
      for (const node of nodes) node.network.cut();
      return async () => {
        for (const node of nodes) node.network.heal();
      };
    },
  },
];
