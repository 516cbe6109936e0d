// A bounded queue that is fair to payers: they take turns, and members come before strangers.
import type { Payer } from './turns.ts';

/** Who a waiting item belongs to. */
export type Owner = Pick<Payer, 'key' | 'isStranger'>;

export interface FairQueueLimits {
  /** How many items of one payer can wait. */
  readonly perPayer: number;
  /** How many items of all members can wait, and as many of all strangers. */
  readonly each: number;
}

export class FairQueue<T> {
  readonly #members: Round<T>;
  readonly #strangers: Round<T>;

  constructor(limits: FairQueueLimits) {
    this.#members = new Round(limits);
    this.#strangers = new Round(limits);
  }

  /** Adds an item; false if it is refused, because too many wait. */
  add(item: T, { key, isStranger }: Owner): boolean {
    return this.#roundOf(isStranger).add(item, key);
  }

  /** Removes the item whose turn it is; `undefined` if none waits. */
  take(): T | undefined {
    return this.#members.take() ?? this.#strangers.take();
  }

  /** Removes an item, if it still waits. */
  remove(item: T, { key, isStranger }: Owner): void {
    this.#roundOf(isStranger).remove(item, key);
  }

  #roundOf(isStranger: boolean): Round<T> {
    return isStranger ? this.#strangers : this.#members;
  }
}

/** The items of payers who take turns. */
class Round<T> {
  readonly #limits: FairQueueLimits;
  /** By payer, who are in the order of their turns. */
  readonly #waiting = new Map<string, T[]>();
  #size = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  add(item: T, payer: string): boolean {
    const own = this.#waiting.get(payer) ?? [];
    if (own.length >= this.#limits.perPayer || this.#size >= this.#limits.each) return false;
    own.push(item);
    this.#waiting.set(payer, own);
    this.#size += 1;
    return true;
  }

  take(): T | undefined {
    for (const [payer, own] of this.#waiting) {
      const item = own.shift();
      this.#waiting.delete(payer);
      if (own.length > 0) this.#waiting.set(payer, own);
      this.#size -= 1;
      return item;
    }
    return undefined;
  }

  remove(item: T, payer: string): void {
    const own = this.#waiting.get(payer) ?? [];
    const rest = own.filter((each) => each !== item);
    this.#size -= own.length - rest.length;
    if (rest.length > 0) this.#waiting.set(payer, rest);
    else this.#waiting.delete(payer);
  }
}
