// Clients that write and read through the balancer, on whatever node it gives them, and write down what they are answered.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { oneOf, type Random } from '../crash/random.ts';
import type { History, Operation } from './history.ts';

/** An answer, or `undefined` if none came. */
interface Answered {
  readonly status: number;
  readonly version?: number;
  readonly position?: number;
  readonly body: { readonly id?: string; readonly uptime?: number; readonly version?: number };
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
}

/** How long a client waits for an answer, and before it tries again, in milliseconds. */
const PATIENCE = 15_000;
const PAUSE = 25;

/** Every request has a connection of its own, so that the balancer chooses a node for it. */
const AGENT = new Agent({ keepAlive: false });

export class Writers {
  readonly #url: string;
  readonly #history: History;
  readonly #random: Random;
  /** The services that all clients write to. */
  readonly #shared: string[] = [];
  /** What a crash or a cut left without an answer, to be asked again with the same key. */
  readonly unanswered: (() => Promise<void>)[] = [];
  #isRunning = true;
  #markers = 0;

  constructor(url: string, history: History, random: Random) {
    this.#url = url;
    this.#history = history;
    this.#random = random;
  }

  /** Creates the services that clients will contend for. */
  async prepare(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.#create();
    for (const { id } of this.#history.done) this.#shared.push(id);
  }

  /** Runs this many clients until `stop`. */
  async run(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#work()));
  }

  stop(): void {
    this.#isRunning = false;
  }

  async #work(): Promise<void> {
    while (this.#isRunning) {
      const kind = this.#random();
      if (kind < 0.2) await this.#create();
      else if (kind < 0.3) await this.#open();
      else if (kind < 0.6) await this.#compareAndSet(oneOf(this.#random, this.#shared));
      else if (kind < 0.8) await this.#set(oneOf(this.#random, this.#shared));
      else await this.#read(oneOf(this.#random, this.#history.written));
      await setTimeout(PAUSE * this.#random());
    }
  }

  #create(): Promise<void> {
    const marker = this.#marker();
    return this.#repeated('create', '/api/services', { name: marker, description: 'A service', uptime: 0 }, marker);
  }

  /** A commit of several events: the incident, its update, and the impacts on two services. */
  #open(): Promise<void> {
    const marker = this.#marker();
    const impacts = Object.fromEntries(this.#shared.slice(0, 2).map((id) => [id, 'degraded']));
    return this.#repeated(
      'open',
      '/api/incidents',
      { title: marker, description: 'It is slow', impact: 'minor', impacts },
      marker,
    );
  }

  /** A POST with a key, at two nodes at once now and then, asked again until it is answered. */
  async #repeated(kind: Operation['kind'], path: string, json: object, marker: string): Promise<void> {
    const key = randomUUID();
    const asked = { method: 'POST', headers: { 'Idempotency-Key': key }, json };
    const ask = async (): Promise<void> => {
      const begun = performance.now();
      const answered = await this.#ask(path, asked);
      if (answered && answered.status < 500 && answered.status >= 400) throw new Error(`${path}: ${answered.status}`);
      if (!answered || answered.status >= 500) {
        if (this.#isRunning) {
          await setTimeout(PAUSE);
          return ask();
        }
        this.unanswered.push(ask);
        return;
      }
      this.#add({ kind, begun, marker, key, id: answered.body.id ?? '' }, answered);
    };
    const times = this.#random() < 0.2 ? 2 : 1;
    await Promise.all(Array.from({ length: times }, ask));
  }

  async #compareAndSet(id: string): Promise<void> {
    const found = await this.#ask(`/api/services/${id}`);
    if (found?.status !== 200 || found.version === undefined) return;
    const { version: expected, position = 0 } = found;
    const value = ((found.body.uptime ?? 0) + 1) % 101;
    const begun = performance.now();
    const headers = { 'If-Match': `"${expected}-${position}"` };
    const answered = await this.#ask(`/api/services/${id}`, { method: 'PUT', headers, json: { uptime: value } });
    if (answered) this.#add({ kind: 'compare-and-set', begun, marker: '', id, expected, value }, answered);
  }

  async #set(id: string): Promise<void> {
    const begun = performance.now();
    const value = Math.floor(this.#random() * 3);
    const answered = await this.#ask(`/api/services/${id}`, { method: 'PUT', json: { uptime: value } });
    if (answered) this.#add({ kind: 'set', begun, marker: '', id, value }, answered);
  }

  /** Reads what was written before, at the position that its writer was told, on whatever node. */
  async #read({ id, kind, position, marker, version }: Operation): Promise<void> {
    const begun = performance.now();
    const path = kind === 'open' ? '/api/incidents' : '/api/services';
    const headers = position === undefined ? {} : { 'X-Log-Position': String(position) };
    const answered = await this.#ask(`${path}/${id}`, { headers });
    if (!answered) return;
    const atLeast = position === undefined ? {} : { atLeast: position };
    this.#add(
      { kind: 'read', begun, marker, id, ...atLeast, ...(version === undefined ? {} : { expected: version }) },
      answered,
    );
  }

  #add(
    operation: Omit<Operation, 'ended' | 'status' | 'version' | 'position'>,
    { status, version, position, body }: Answered,
  ): void {
    const found = status === 412 ? body.version : version;
    this.#history.add({
      ...operation,
      ended: performance.now(),
      status,
      ...(found === undefined ? {} : { version: found }),
      ...(position === undefined ? {} : { position }),
    });
  }

  #marker(): string {
    this.#markers += 1;
    return `marker-${this.#markers}-`;
  }

  #ask(path: string, { method = 'GET', headers = {}, json }: Asked = {}): Promise<Answered | undefined> {
    return new Promise((resolve) => {
      const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
      const options = { method, agent: AGENT, headers: { ...type, ...headers }, timeout: PATIENCE };
      const asking = request(new URL(path, this.#url), options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', () => resolve(undefined)).on('end', () => resolve(answerOf(response, text)));
        response.on('aborted', () => resolve(undefined));
      });
      asking.on('timeout', () => asking.destroy()).on('error', () => resolve(undefined));
      asking.end(json === undefined ? undefined : JSON.stringify(json));
    });
  }
}

function answerOf(
  { statusCode = 0, headers }: { statusCode?: number | undefined; headers: NodeJS.Dict<string | string[]> },
  text: string,
): Answered | undefined {
  try {
    const position = headers['x-log-position'];
    const version = /^"(\d+)-/.exec(String(headers.etag))?.[1];
    return {
      status: statusCode,
      body: JSON.parse(text),
      ...(position === undefined ? {} : { position: Number(position) }),
      ...(version === undefined ? {} : { version: Number(version) }),
    };
  } catch {
    return undefined;
  }
}
