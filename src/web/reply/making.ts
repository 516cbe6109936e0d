// A page in the making, or made: those who ask for the same page meanwhile make it together.
import { RecentMap } from '../../bounds/recent-map.ts';
import { inSteps } from '../../bounds/steps.ts';
import type { Turn } from '../../bounds/turns.ts';
import { blocksOf, lengthOf } from '../../http/blocks.ts';
import type { Answer } from '../../http/route.ts';

interface MakingParts {
  readonly steps: Iterator<void, Answer>;
  /** The position that it is made from. */
  readonly position: number;
  /** Whether nothing has happened since. */
  readonly isOfNow: () => boolean;
}

/** Whoever has its turn does the next step, so that nobody waits for the turn of another. All get the same answer. */
export class Making implements Iterator<void, Answer> {
  readonly position: number;
  readonly #steps: Iterator<void, Answer>;
  readonly #isOfNow: () => boolean;
  #made: IteratorReturnResult<Answer> | undefined;
  #hasFailed = false;

  constructor({ steps, position, isOfNow }: MakingParts) {
    this.position = position;
    this.#steps = steps;
    this.#isOfNow = isOfNow;
  }

  next(): IteratorResult<void, Answer> {
    if (this.#made) return this.#made;
    if (this.#hasFailed) throw new Error('Another request has failed to make this page.');
    this.#hasFailed = true;
    const step = this.#steps.next();
    this.#hasFailed = false;
    if (step.done) this.#made = step;
    return step;
  }

  /** Whether the page would be the same if it were made at this time. */
  isCurrentAt(now: Date): boolean {
    return !this.#hasFailed && now.getTime() < this.#validUntil && this.#isOfNow();
  }

  /** Whether it is made, or has failed. */
  get isOver(): boolean {
    return this.#made !== undefined || this.#hasFailed;
  }

  /** Of the page that was made, in bytes. */
  get size(): number {
    const answer = this.#made?.value;
    return answer && !('problem' in answer) ? lengthOf(blocksOf(answer)) : 0;
  }

  get #validUntil(): number {
    const answer = this.#made?.value;
    const holds = answer && !('problem' in answer) ? answer.revalidation?.validUntil : undefined;
    return holds ?? Number.POSITIVE_INFINITY;
  }
}

/** What is asked of the makings: a page, by whom it is made. */
interface Wanted {
  /** The same of all who get the same page. */
  readonly key: string;
  readonly now: Date;
  readonly begin: () => Making;
  readonly turn: Turn;
}

interface Begun {
  readonly making: Making;
  makers: number;
}

export interface Made {
  readonly making: Making;
  readonly answer: Answer;
}

/** Memory for the pages that were made last, in bytes. A longer one than half of it is made again after it was sent. */
const REMEMBERED = 32_000_000;

export class Makings {
  /** Until it is over, or all who make it have left: nobody keeps a page in part. */
  readonly #begun = new Map<string, Begun>();
  /** A client that has waited for its turn finds here what was made meanwhile, also where no cache keeps it. */
  readonly #made = new RecentMap<string, Making>(REMEMBERED, ({ size }) => size);

  /** Makes the page in turns, together with those who want it too. */
  async make({ key, now, begin, turn }: Wanted): Promise<Made> {
    const made = this.#made.get(key);
    const begun = made?.isCurrentAt(now) ? { making: made, makers: 0 } : this.#begunFor(key, now, begin);
    const { making } = begun;
    begun.makers += 1;
    try {
      const answer = await inSteps(making, turn);
      if (making.size > 0 && this.#begun.get(key) === begun) this.#made.set(key, making);
      return { making, answer };
    } finally {
      begun.makers -= 1;
      if ((making.isOver || begun.makers === 0) && this.#begun.get(key) === begun) this.#begun.delete(key);
    }
  }

  #begunFor(key: string, now: Date, begin: () => Making): Begun {
    const known = this.#begun.get(key);
    if (known?.making.isCurrentAt(now)) return known;
    const begun = { making: begin(), makers: 0 };
    this.#begun.set(key, begun);
    return begun;
  }
}
