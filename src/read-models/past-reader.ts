// Reads the past in slices: folds the read models up to a position, and answers a question from them.
import { Slices } from '../bounds/slices.ts';
import { answerPast, type DeletedAmong } from './past-answer.ts';
import type { PastAnswer, PastEngine, PastQuestion } from './past-question.ts';
import { PastStates, type PastStatesLimits } from './past-states.ts';
import type { SnapshotSource } from './snapshots.ts';

/** The log that is read, with the snapshots that it has. */
export interface PastLog extends SnapshotSource {
  readonly deletedAmong: DeletedAmong;
}

/** Pieces of an answer are encoded together, in characters. */
const CHUNK_SIZE = 64 * 1024;

export class PastReader implements PastEngine {
  readonly #states: PastStates;
  readonly #log: PastLog;

  constructor(log: PastLog, limits: PastStatesLimits) {
    this.#states = new PastStates(log, limits);
    this.#log = log;
  }

  async answer(question: PastQuestion, signal: AbortSignal): Promise<PastAnswer> {
    const slices = new Slices(signal);
    const models = await this.#states.at(question.position, slices);
    const pieces = answerPast(models, question, (aggregate, ids) => this.#log.deletedAmong(aggregate, ids));
    const chunks: Buffer[] = [];
    let text = '';
    for (;;) {
      const piece = await pieces.next();
      if (!piece.done) text += piece.value;
      if (piece.done || text.length >= CHUNK_SIZE) {
        chunks.push(Buffer.from(text));
        text = '';
      }
      if (piece.done) return { bytes: joined(chunks), ...piece.value, milliseconds: slices.milliseconds };
      if (slices.isOver()) await slices.rest();
    }
  }

  forget(): void {
    this.#states.forget();
  }

  async close(): Promise<void> {}
}

/** The chunks in memory that no other buffer shares, so that it can be handed over to another thread. */
function joined(chunks: readonly Buffer[]): Buffer {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const bytes = Buffer.from(new ArrayBuffer(length));
  let end = 0;
  for (const chunk of chunks) end += chunk.copy(bytes, end);
  return bytes;
}
