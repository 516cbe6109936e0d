// Waits for news of the log: a notification, or the time for another look.
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { OwnConnection } from '../database.ts';
import type { Query } from '../transaction.ts';
import { CHANNEL, parseNotice } from './notice.ts';

/** The time between two looks where notifications arrive, and where they do not, in milliseconds. */
const PAUSE = { notified: 900, deaf: 25 } as const;
/** By when what this node has recorded is published without a look, in milliseconds. */
const OWN = 20;

export interface NewsOptions {
  /** Sends on another connection than the one that listens. */
  readonly other: Query;
  /** As which this process notifies the others. */
  readonly node: string;
  /** Position of the last published event. */
  readonly published: () => number;
  readonly signal: AbortSignal;
}

/** The news of one connection. */
export class News {
  readonly #options: NewsOptions;
  /** Payload of a notification that this node sends itself. */
  readonly #proof = randomUUID();
  #pause: number = PAUSE.deaf;
  /** Whether there was news since the last wait. */
  #isPending = false;
  #wake = () => {};
  /** Position of the last event that this node has recorded. */
  #own = 0;
  #looksSoon = false;

  private constructor(client: Client, options: NewsOptions) {
    this.#options = options;
    const { signal } = options;
    const end = () => this.#announce();
    client.on('notification', ({ payload = '' }) => this.#hear(payload));
    signal.addEventListener('abort', end, { once: true });
    client.once('end', () => {
      signal.removeEventListener('abort', end);
      // The next statement fails at once.
      end();
    });
  }

  /**
   * Listens on this connection. Until a notification of its own arrives it looks often: a pooler can accept LISTEN and hand
   * out the server's process to another client. That notification is sent on another connection, so that it cannot come with
   * the answer of the sender.
   */
  static async of({ client, query }: OwnConnection, options: NewsOptions): Promise<News> {
    const news = new News(client, options);
    await query(`listen ${CHANNEL}`);
    await options.other('select pg_notify($1, $2)', [CHANNEL, news.#proof]);
    return news;
  }

  /** Resolves when there may be something new, the connection has ended, or the signal was aborted. */
  async next(): Promise<void> {
    if (!this.#isPending && !this.#options.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#pause);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isPending = false;
  }

  #hear(payload: string): void {
    if (payload === this.#proof) this.#pause = PAUSE.notified;
    const notice = parseNotice(payload);
    if (notice?.node === this.#options.node) this.#hearOwn(notice.position);
    else this.#announce();
  }

  /** Most often that is published when its COMMIT is answered: reading it again would take as long as recording it. */
  #hearOwn(position: number): void {
    this.#own = position;
    if (this.#looksSoon) return;
    this.#looksSoon = true;
    setTimeout(() => {
      this.#looksSoon = false;
      if (this.#own > this.#options.published()) this.#announce();
    }, OWN);
  }

  #announce(): void {
    this.#isPending = true;
    this.#wake();
  }
}
