// Reads of the past: questions wait their turn, and one at a time is answered.
import { filter, type Observable } from 'rxjs';
import { FairQueue, type FairQueueLimits } from '../bounds/fair-queue.ts';
import type { Payer } from '../bounds/turns.ts';
import type { Batch } from '../log/commit.ts';
import type { PastAnswer, PastEngine, PastQuestion } from './past-question.ts';

export interface Asker {
  /** Who pays for the time that the answer takes. */
  readonly payer: Pick<Payer, 'key' | 'isStranger' | 'charge'>;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

interface Waiting extends Asker {
  readonly question: PastQuestion;
  readonly resolve: (answer: PastAnswer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export class Pasts {
  readonly #engine: PastEngine;
  readonly #queue: FairQueue<Waiting>;
  #isRunning = false;
  /** How many commits with redactions have been published. */
  #redactions = 0;

  constructor(engine: PastEngine, committed$: Observable<Batch>, waiting: FairQueueLimits) {
    this.#engine = engine;
    this.#queue = new FairQueue(waiting);
    committed$.pipe(filter(({ redacted }) => redacted !== undefined)).subscribe(() => {
      this.#redactions += 1;
      engine.forget();
    });
  }

  /**
   * `undefined` if too many questions wait, if the past is too large to be folded, or if the asker is gone. Rejects if
   * the log cannot be read.
   */
  ask(question: PastQuestion, { payer, signal }: Asker): Promise<PastAnswer | undefined> {
    return new Promise((resolve, reject) => {
      const waiting = { question, payer, signal, resolve, reject };
      if (signal.aborted || !this.#queue.add(waiting, payer)) return resolve(undefined);
      signal.addEventListener('abort', () => {
        this.#queue.remove(waiting, payer);
        resolve(undefined);
      });
      if (!this.#isRunning) void this.#run();
    });
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#queue.take(); next; next = this.#queue.take()) {
      const { question, resolve, reject } = next;
      await this.#answer(question, next).then(resolve, reject);
    }
    this.#isRunning = false;
  }

  async #answer(question: PastQuestion, { payer, signal }: Asker): Promise<PastAnswer | undefined> {
    for (;;) {
      const redactions = this.#redactions;
      const answer = await this.#charged(question, { payer, signal });
      // The engine may have read a text just before it was redacted: then ask again.
      if (redactions === this.#redactions) return answer;
    }
  }

  /** The payer also pays for what led to no answer. */
  async #charged(question: PastQuestion, { payer, signal }: Asker): Promise<PastAnswer | undefined> {
    const begin = performance.now();
    let answer: PastAnswer | undefined;
    try {
      answer = await this.#engine.answer(question, signal);
      return answer;
    } finally {
      payer.charge({ milliseconds: answer?.milliseconds ?? performance.now() - begin });
    }
  }
}
