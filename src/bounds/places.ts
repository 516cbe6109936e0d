// Places: how many of something can be open at once, in all and for each payer.
import type { Payer } from './turns.ts';

export interface PlacesLimits {
  readonly total: number;
  /** How many of them strangers can have together, so that the rest is left to others. */
  readonly strangers: number;
  readonly perPayer: number;
}

/** Why there is no place: the payer has all of its own, or all are taken. */
export type NoPlace = 'payer' | 'all';

export class Places {
  readonly #limits: PlacesLimits;
  readonly #limitsAddresses: boolean;
  /** How many each payer has, by its key. */
  readonly #taken = new Map<string, number>();
  #total = 0;
  #strangers = 0;

  /** `limitsAddresses`: whether the limit for each payer also holds for payers that are known by their address only. */
  constructor(limits: PlacesLimits, limitsAddresses: boolean) {
    this.#limits = limits;
    this.#limitsAddresses = limitsAddresses;
  }

  /** Takes a place. Returns a function that gives it back, to be called once. */
  take({ key, isStranger, isAddress }: Payer): (() => void) | NoPlace {
    const { total, strangers, perPayer } = this.#limits;
    const own = this.#taken.get(key) ?? 0;
    if (own >= perPayer && (this.#limitsAddresses || !isAddress)) return 'payer';
    if (this.#total >= total || (isStranger && this.#strangers >= strangers)) return 'all';
    this.#count(key, isStranger, 1);
    return () => this.#count(key, isStranger, -1);
  }

  #count(key: string, isStranger: boolean, change: 1 | -1): void {
    const own = (this.#taken.get(key) ?? 0) + change;
    if (own === 0) this.#taken.delete(key);
    else this.#taken.set(key, own);
    this.#total += change;
    if (isStranger) this.#strangers += change;
  }
}
