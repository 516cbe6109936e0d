// The fetches of open pages after a change: each after a random delay, on connections that are kept open.
import { Connection } from './load.ts';

interface Refreshing {
  readonly url: string;
  /** Of the page that they have. */
  readonly tag: string;
  /** A fetch begins within this time, in milliseconds. */
  readonly spread: number;
}

/** How many connections all pages share: that many fetches run at a time. */
const CONNECTIONS = 256;

export class Refetches {
  readonly #terms: Refreshing;
  readonly #connections: readonly Connection[];
  readonly #idle: Connection[];
  /** Fetches that wait for a connection: the position that each page has heard of. */
  readonly #waiting: number[] = [];
  /** The pages that have heard of a change. */
  readonly #pages = new Set<object>();
  #fetches = 0;
  #failure: unknown;
  #wake = () => {};

  private constructor(terms: Refreshing, connections: readonly Connection[]) {
    this.#terms = terms;
    this.#connections = connections;
    this.#idle = [...connections];
  }

  static async prepare(terms: Refreshing): Promise<Refetches> {
    const opened = Array.from({ length: CONNECTIONS }, () => Connection.open(terms.url));
    return new Refetches(terms, await Promise.all(opened));
  }

  /** The page has heard that the log is at this position. */
  hear(page: object, position: number): void {
    if (this.#pages.has(page)) return;
    this.#pages.add(page);
    setTimeout(() => this.#fetch(position), Math.random() * this.#terms.spread);
  }

  /** Resolves with the number of fetches when this many pages have fetched themselves. */
  async all(pages: number): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        if (this.#fetches >= pages || this.#failure !== undefined) resolve();
      };
      this.#wake();
    });
    if (this.#failure !== undefined) throw this.#failure;
    return this.#fetches;
  }

  end(): void {
    for (const connection of this.#connections) connection.close();
  }

  #fetch(position: number): void {
    const connection = this.#idle.pop();
    if (!connection) {
      this.#waiting.push(position);
      return;
    }
    const headers = `Accept: text/html\r\nIf-None-Match: ${this.#terms.tag}\r\nX-Log-Position: ${position}\r\n`;
    connection.send('GET /', { headers }).then(
      ({ status }) => {
        if (status !== 200) this.#failure = new Error(`A page was answered with ${status}.`);
        this.#fetches += 1;
        this.#idle.push(connection);
        const next = this.#waiting.shift();
        if (next !== undefined) this.#fetch(next);
        this.#wake();
      },
      (error) => {
        this.#failure = error;
        this.#wake();
      },
    );
  }
}
