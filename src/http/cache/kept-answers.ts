// Answers by name, bounded by what they take of memory: what nobody asked for of late goes first.
import type { KeptAnswer } from './kept-answer.ts';

/** One answer that takes more than this part of the room would drive out most others. */
const LARGEST_PART = 4;

/** In two halves, because a Map that loses its first entry again and again looks for the next one ever longer. */
export class KeptAnswers {
  readonly #half: number;
  #newer = new Map<string, KeptAnswer>();
  #older = new Map<string, KeptAnswer>();
  /** What the newer half takes. */
  #size = 0;

  /** `capacity` is in bytes. */
  constructor(capacity: number) {
    this.#half = capacity / 2;
  }

  /** How many there are; one that was moved between the halves counts twice. */
  get count(): number {
    return this.#newer.size + this.#older.size;
  }

  get(key: string): KeptAnswer | undefined {
    const newer = this.#newer.get(key);
    if (newer) return newer;
    const older = this.#older.get(key);
    if (older) this.set(key, older);
    return older;
  }

  set(key: string, answer: KeptAnswer): void {
    if (answer.size > this.#half / LARGEST_PART) return;
    this.#size += answer.size - (this.#newer.get(key)?.size ?? 0);
    this.#newer.set(key, answer);
    if (this.#size < this.#half) return;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#size = 0;
  }
}
