// Turns: divides the main thread fairly among those for whom it works, in slices of a few milliseconds.

/** Somebody for whom work is done, and who pays for it. */
export interface Payer {
  /** Identifies the payer. Payers take turns; the work of one payer is done in order. */
  readonly key: string;
  /** Whether it is an anonymous client of a server that requires sign-in. */
  readonly isStranger: boolean;
  /** Whether it is known by its address only. */
  readonly isAddress: boolean;
  /** Milliseconds until it can pay for more work; 0 if it can now. */
  readonly wait: number;
  /** Takes what was used from its budgets. */
  charge(used: { readonly milliseconds?: number; readonly bytes?: number }): void;
}

/** Does a piece of synchronous work when it is the turn of a certain payer, which may be at once. */
export type Turn = <T>(work: () => T) => T | Promise<T>;

export interface TurnsLimits {
  /** How long each group of payers works in one turn of the event loop, in milliseconds. */
  readonly slice: number;
  /** How many pieces of work of strangers, and of all others, can wait. */
  readonly waiting: { readonly strangers: number; readonly others: number };
}

/** Pieces of work of one payer that wait, in order. */
interface Queue {
  readonly payer: Payer;
  /** Those that wait for their turn alone. They go first. */
  readonly onCredit: (() => void)[];
  /** Those that also wait until the payer can pay. */
  readonly payable: (() => void)[];
}

/** Payers who share a slice. */
class Group {
  /** Milliseconds that were worked in this turn of the event loop, and what earlier turns had too much. */
  spent = 0;
  /** How many pieces of work wait. */
  waiting = 0;
  /** By the key of the payer; the first one is next. */
  readonly queues = new Map<string, Queue>();
  /** The queues of payers who cannot pay at the moment. */
  readonly unpaid = new Map<string, Queue>();

  /** The queue of this payer, which is not put off any longer. */
  queueOf(payer: Payer): Queue {
    const { key } = payer;
    const queue = this.queues.get(key) ?? this.unpaid.get(key) ?? { payer, onCredit: [], payable: [] };
    this.unpaid.delete(key);
    this.queues.set(key, queue);
    return queue;
  }

  /** Whether nothing of this payer, and of nobody whose turn it is, waits. */
  isFreeFor({ key }: Payer): boolean {
    return this.queues.size === 0 && !this.unpaid.has(key);
  }
}

/**
 * Every turn of the event loop has a slice for strangers and one for all others. Between two slices the loop does
 * everything else that is due. So whatever strangers ask for, the others have at least half of the loop when they need
 * it, and nobody waits longer than for two slices and the longest piece of work. If nobody else needs it, strangers
 * have all of it.
 */
export class Turns {
  readonly #limits: TurnsLimits;
  readonly #strangers = new Group();
  readonly #others = new Group();
  #isRunning = false;
  #next: NodeJS.Immediate | undefined;

  constructor(limits: TurnsLimits) {
    this.#limits = limits;
  }

  /**
   * Whether no more work of this payer should be accepted, because too much of its group waits: strangers cannot have
   * others refused. Work that has begun goes on.
   */
  areFullFor({ isStranger }: Pick<Payer, 'isStranger'>): boolean {
    const { strangers, others } = this.#limits.waiting;
    return isStranger ? this.#strangers.waiting >= strangers : this.#others.waiting >= others;
  }

  /**
   * Does a piece of synchronous work when it is the payer's turn, which may be at once, and charges its time to the
   * payer. A payer who cannot pay waits. Within a piece of work it does the rest at once.
   */
  run<T>(payer: Payer, work: () => T): T | Promise<T> {
    return this.#run(payer, work, 'payable');
  }

  /**
   * Does a piece of work at once, and charges its time. For the end of what was begun: until it is done, its result is
   * held in memory. It follows a piece of the same payer, so it is not more often the turn of anybody.
   */
  atOnce<T>(payer: Payer, work: () => T): T {
    return this.#isRunning ? work() : this.#measure(this.#groupOf(payer), payer, work);
  }

  /** Like `run`, but waits for its turn alone: the payer may go into debt. For what has an answer in any case. */
  onCredit<T>(payer: Payer, work: () => T): T | Promise<T> {
    return this.#run(payer, work, 'onCredit');
  }

  #run<T>(payer: Payer, work: () => T, when: 'onCredit' | 'payable'): T | Promise<T> {
    if (this.#isRunning) return work();
    const group = this.#groupOf(payer);
    const isNext = group.spent < this.#limits.slice && group.isFreeFor(payer);
    if (isNext && (when === 'onCredit' || payer.wait === 0)) return this.#measure(group, payer, work);
    return new Promise((resolve, reject) => {
      group.waiting += 1;
      group.queueOf(payer)[when].push(() => {
        try {
          resolve(this.#measure(group, payer, work));
        } catch (error) {
          reject(error);
        }
      });
      this.#schedule();
    });
  }

  #groupOf({ isStranger }: Payer): Group {
    return isStranger ? this.#strangers : this.#others;
  }

  #measure<T>(group: Group, payer: Payer, work: () => T): T {
    const start = performance.now();
    this.#isRunning = true;
    try {
      return work();
    } finally {
      this.#isRunning = false;
      const milliseconds = performance.now() - start;
      group.spent += milliseconds;
      payer.charge({ milliseconds });
      this.#schedule();
    }
  }

  #schedule(): void {
    this.#next ??= setImmediate(() => {
      this.#next = undefined;
      for (const group of [this.#others, this.#strangers]) this.#serve(group);
    });
  }

  /** Gives the group a new slice. What an earlier piece of work took too much is missing from it. */
  #serve(group: Group): void {
    group.spent = Math.max(0, group.spent - this.#limits.slice);
    for (const [key, queue] of group.queues) {
      if (group.spent >= this.#limits.slice) break;
      // The payer goes to the end of the queue.
      group.queues.delete(key);
      const task = queue.onCredit.shift() ?? (queue.payer.wait === 0 ? queue.payable.shift() : undefined);
      if (!task) {
        this.#putOff(group, queue);
        continue;
      }
      if (queue.onCredit.length + queue.payable.length > 0) group.queues.set(key, queue);
      group.waiting -= 1;
      task();
    }
    if (group.spent > 0 || group.queues.size > 0) this.#schedule();
  }

  /** Lets the queue of a payer who cannot pay wait until it can. */
  #putOff(group: Group, queue: Queue): void {
    const { payer } = queue;
    group.unpaid.set(payer.key, queue);
    setTimeout(() => {
      if (group.unpaid.get(payer.key) !== queue) return;
      group.queueOf(payer);
      this.#schedule();
    }, payer.wait).unref();
  }
}
