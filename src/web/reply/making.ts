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

export interface Made {
  readonly making: Making;
  readonly answer: Answer;
}

/** Memory for the pages that were made last, in bytes. A longer one than half of it is made again after it was sent. */
const REMEMBERED = 32_000_000;

export class Makings {
  readonly #begun = new Map<string, Making>();
  /** A client that has waited for its turn finds here what was made meanwhile, also where no cache keeps it. */
  readonly #made = new RecentMap<string, Making>(REMEMBERED, ({ size }) => size);

  /** Makes the page in turns, together with those who want it too. */
  async make({ key, now, begin, turn }: Wanted): Promise<Made> {
    const known = this.#begun.get(key) ?? this.#made.get(key);
    const making = known?.isCurrentAt(now) ? known : begin();
    if (making !== known) this.#begun.set(key, making);
    try {
      return { making, answer: await inSteps(making, turn) };
    } finally {
      this.#end(key, making);
    }
  }

  /** The first who has the page, or has failed, ends it for all. */
  #end(key: string, making: Making): void {
    if (this.#begun.get(key) !== making) return;
    this.#begun.delete(key);
    this.#made.set(key, making);
  }
}
