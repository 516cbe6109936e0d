// Says in the shared database that this node is there, and finds out what it should agree on with the others.
import type { Neighbour, NodeState, Nodes } from '../postgres/nodes/nodes.ts';
import type { SetTimer } from '../reactors/timer.ts';

interface PresenceParts {
  /** Absent if there can be no other nodes. */
  readonly nodes: Pick<Nodes, 'announce' | 'leave'> | undefined;
  readonly name: string;
  readonly state: () => NodeState;
  readonly setTimer: SetTimer;
}

/** The time between two announcements, in milliseconds. */
const PAUSE = 3_000;

export class Presence {
  readonly #parts: PresenceParts;
  #notices: readonly string[] = [];
  /** Whether a row of this name can be another node's: before, it can be that of this node's last process. */
  #wasAnnounced = false;
  #announcing = Promise.resolve();
  #cancel = () => {};
  #isStopped = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** What operators should change, as sentences. */
  get notices(): readonly string[] {
    return this.#notices;
  }

  start(): void {
    const { nodes, setTimer } = this.#parts;
    if (!nodes || this.#isStopped) return;
    this.#announcing = this.#announce(nodes).finally(() => {
      if (!this.#isStopped) this.#cancel = setTimer(() => this.start(), PAUSE);
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#announcing;
    // If that fails, the row is removed in a day.
    if (this.#wasAnnounced) await this.#parts.nodes?.leave().catch(() => {});
  }

  async #announce(nodes: Pick<Nodes, 'announce'>): Promise<void> {
    const { name, state } = this.#parts;
    const own = state();
    // While the database is away, the health check says so.
    const others = await nodes.announce(own).catch(() => undefined);
    if (!others) return;
    const known = others.filter((other) => other.name !== name || this.#wasAnnounced);
    this.#notices = known.flatMap((other) => disagreement(other, { ...own, name }));
    this.#wasAnnounced = true;
  }
}

function disagreement(
  { name, url }: Neighbour,
  own: { readonly name: string; readonly url: string | undefined },
): readonly string[] {
  if (name === own.name) return [`Two nodes are called ${name}: give each of them its own NODE_NAME.`];
  if (url === (own.url ?? null)) return [];
  return [
    `PUBLIC_URL is ${own.url ?? 'not set'} on this node and ${url ?? 'not set'} on the node ${name}: links differ by the ` +
      'node that makes them. Set the same address on all nodes.',
  ];
}
