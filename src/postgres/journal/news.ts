// Waits for news of the log: a notification, or the time for another look.
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { OwnConnection } from '../database.ts';
import type { Query } from '../transaction.ts';
import { CHANNEL } from './record.ts';

/** The time between two looks where notifications arrive, and where they do not, in milliseconds. */
const PAUSE = { notified: 900, deaf: 25 } as const;

/** The news of one connection. */
export class News {
  readonly #signal: AbortSignal;
  /** Payload of a notification that this node sends itself. */
  readonly #proof = randomUUID();
  #pause: number = PAUSE.deaf;
  /** Whether there was news since the last wait. */
  #isPending = false;
  #wake = () => {};

  private constructor(client: Client, signal: AbortSignal) {
    this.#signal = signal;
    const news = () => {
      this.#isPending = true;
      this.#wake();
    };
    client.on('notification', ({ payload }) => {
      if (payload === this.#proof) this.#pause = PAUSE.notified;
      news();
    });
    signal.addEventListener('abort', news, { once: true });
    client.once('end', () => {
      signal.removeEventListener('abort', news);
      // The next statement fails at once.
      news();
    });
  }

  /**
   * Listens on this connection. Until a notification of its own arrives it looks often: a pooler can accept LISTEN and hand
   * out the server's process to another client. `other` sends that notification on another connection, so that it cannot
   * come with the answer of the sender.
   */
  static async of({ client, query }: OwnConnection, other: Query, signal: AbortSignal): Promise<News> {
    const news = new News(client, signal);
    await query(`listen ${CHANNEL}`);
    await other('select pg_notify($1, $2)', [CHANNEL, news.#proof]);
    return news;
  }

  /** Resolves when there may be something new, the connection has ended, or the signal was aborted. */
  async next(): Promise<void> {
    if (!this.#isPending && !this.#signal.aborted) {
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
}
