// Clients that keep a server busy with writes, repeat writes without an answer, and report acknowledged ones to a
// witness.
import { between, oneOf, type Random } from './random.ts';
import { markerOf, send, type Witness, type Write } from './witness.ts';

const CLIENTS = 16;
/** Number of the latest incidents that clients write to. It is small, so that writers conflict. */
const OPEN_INCIDENTS = 8;
const STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'];
const IMPACTS = ['minor', 'major', 'critical'];

export class Load {
  readonly #witness: Witness;
  readonly #random: Random;
  readonly #incidents: string[] = [];
  /** Writes without an answer: they may have been recorded or not. */
  #unanswered: Write[] = [];
  #markers = 0;
  #unknown = 0;
  #running = false;

  constructor(witness: Witness, random: Random) {
    this.#witness = witness;
    this.#random = random;
  }

  /** Number of writes in flight when a strike began. */
  get unknown(): number {
    return this.#unknown;
  }

  /** Sends writes until it is stopped or the server ends. Rejects if a running server refuses a write. */
  async run(url: string): Promise<void> {
    this.#running = true;
    const clients = Array.from({ length: CLIENTS }, () => this.#keepWriting(url));
    await Promise.all([...clients, this.#follow(url)]);
  }

  /** Call it before a strike. Later answers are ignored, because the server may have sent them after the strike. */
  stop(): void {
    this.#running = false;
  }

  /** Repeats the writes without an answer, on a server that is not struck. */
  async settle(url: string): Promise<void> {
    const writes = this.#unanswered;
    this.#unanswered = [];
    for (const write of writes) this.#acknowledge(write, await send(url, write));
  }

  async #keepWriting(url: string): Promise<void> {
    while (this.#running) {
      const write = this.#unanswered.pop() ?? this.#next();
      const answered = await send(url, write).catch(() => undefined);
      if (answered === undefined || !this.#running) {
        this.#leave(write);
        return;
      }
      this.#acknowledge(write, answered);
    }
  }

  /** Only a write with an idempotency key can be repeated. For other writes both outcomes are correct. */
  #leave(write: Write): void {
    this.#unknown += 1;
    if (write.method === 'POST') this.#unanswered.push(write);
  }

  #acknowledge(write: Write, answered: Awaited<ReturnType<typeof send>>): void {
    if (answered.status >= 300) throw new Error(`${write.path} was refused: ${answered.text}`);
    this.#witness.acknowledge(write, answered);
    if (write.path === '/api/incidents') this.#incidents.push(String(answered.location));
  }

  /** Reads the events while the server publishes them. */
  async #follow(url: string): Promise<void> {
    while (this.#running) {
      const page = await readEvents(url, this.#witness.position).catch(() => undefined);
      if (page === undefined || !this.#running) return;
      this.#witness.publish(page);
    }
  }

  #next(): Write {
    this.#markers += 1;
    const marker = markerOf(this.#markers);
    const incident = oneOf(this.#random, this.#incidents.slice(-OPEN_INCIDENTS));
    const status = oneOf(this.#random, STATUSES);
    const impact = oneOf(this.#random, IMPACTS);
    const text = marker.padEnd(between(this.#random, 20, 2_000), 'x');
    const kind = incident === undefined ? 0 : this.#random();
    if (kind < 0.05) {
      const body = { title: 'An incident', description: text, impact };
      return { marker, method: 'POST', path: '/api/incidents', body };
    }
    if (kind < 0.08) {
      return { marker, method: 'POST', path: '/api/services', body: { name: 'A service', description: text } };
    }
    if (kind < 0.3) return { marker, method: 'PUT', path: `${incident}`, body: { description: text, status, impact } };
    return { marker, method: 'POST', path: `${incident}/updates`, body: { status, message: text } };
  }
}

async function readEvents(url: string, after: number): Promise<readonly unknown[]> {
  const response = await fetch(`${url}/api/events?limit=1000&after=${after}`);
  const { events } = (await response.json()) as { events: readonly unknown[] };
  return events;
}
