// Remembers answers by idempotency key in this process, for what leaves nothing in the log to find a repeat by.
import { RecentMap } from '../bounds/recent-map.ts';
import type { IdempotencyKey } from '../log/commit.ts';
import { KEY_REUSED } from './problem.ts';
import type { Answer } from './route.ts';

interface Remembered {
  readonly fingerprint: string;
  readonly answer: Promise<Answer>;
}

export class Repeats {
  readonly #remembered: RecentMap<string, Remembered>;

  /** Remembers this many answers, the last half of them at least. */
  constructor(capacity: number) {
    this.#remembered = new RecentMap(capacity);
  }

  /** The answer of the first call with this key; `handle` runs for that one only. Problems are not remembered. */
  answer(key: IdempotencyKey, handle: () => Promise<Answer>): Promise<Answer> {
    const known = this.#remembered.get(key.id);
    if (known && known.fingerprint !== key.fingerprint) return Promise.resolve(KEY_REUSED);
    return known?.answer ?? this.#first(key, handle);
  }

  #first({ id, fingerprint }: IdempotencyKey, handle: () => Promise<Answer>): Promise<Answer> {
    const answer = handle();
    this.#remembered.set(id, { fingerprint, answer });
    answer.then(
      (given) => 'problem' in given && this.#remembered.delete(id),
      () => this.#remembered.delete(id),
    );
    return answer;
  }
}
