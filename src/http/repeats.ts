// Stores responses by idempotency key in memory, for requests that record no event by which the log could detect a
// repeat.
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

  /** Stores at most `capacity` responses, and always at least the most recent half of that number. */
  constructor(capacity: number) {
    this.#remembered = new RecentMap(capacity);
  }

  /** The answer of the first call with this key. `handle` runs for the first call only. Problems are not stored. */
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
