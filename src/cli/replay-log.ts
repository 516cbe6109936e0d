// Folds a log from its start, as the server does, into the read models as they were at given moments.
import { Subject } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Models } from '../../projections/models.ts';
import type { Batch } from '../log/commit.ts';
import { CommitBatcher } from '../log/commit-batcher.ts';
import { decode } from '../log/encoding.ts';
import type { Journal, StoredEvent } from '../log/journal.ts';
import type { FoldFault } from '../read-models/read-model.ts';
import { ReadModels } from '../read-models/read-models.ts';
import { Snapshots } from '../read-models/snapshots.ts';
import type { Moment } from './arguments.ts';
import type { Source } from './source.ts';
import { type Surroundings, VerbError } from './verb.ts';

/** The read models at a moment. */
export interface Then {
  /** Position of the last commit at that moment; 0 before the first. */
  readonly position: number;
  readonly recordedAt: string | null;
  readonly models: Models;
  /** The parts of read models that had stopped. */
  readonly faults: readonly FoldFault[];
}

/**
 * The read models at each of the moments, in their order, the end of the log being one; the log is read once, a page at a
 * time. A position within a commit is before it. Rejects with a `VerbError` for a position that the log never had.
 */
export async function replayLog<M extends readonly (Moment | 'end')[]>(
  source: Source,
  moments: M,
  { progress, note }: Pick<Surroundings, 'progress' | 'note'>,
): Promise<{ [K in keyof M]: Then }> {
  const replay = new Replay(note);
  const captured = new Map<number, Then>();
  for await (const batch of batches(source.scan({ after: 0 }))) {
    for (const [index, moment] of moments.entries()) {
      if (!captured.has(index) && !isBy(batch, moment)) captured.set(index, replay.current);
    }
    if (captured.size === moments.length) break;
    replay.fold(batch);
    progress.show('Replaying', batch.last, source.head);
  }
  progress.clear();
  const reached = moments.map((moment, index) => captured.get(index) ?? replay.at(moment));
  return reached as { [K in keyof M]: Then };
}

/** The read models at a position as a server would have them, from the newest usable snapshot on; `undefined` where there is none. */
export async function resumeLog(
  journal: Journal,
  until: number,
  { progress, note }: Pick<Surroundings, 'progress' | 'note'>,
): Promise<{ readonly snapshot: number; readonly models: Models } | undefined> {
  const batches$ = new Subject<Batch>();
  const models = new ReadModels(batches$, () => {});
  // It reads only: none is written.
  const [every, atShutdown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const report = (message: string, error: unknown) => note(`${message}: ${(error as Error).message}`);
  const snapshots = new Snapshots(journal, { participants: models.participants, every, atShutdown, report });
  const snapshot = await snapshots.seed(models.participants, until);
  if (snapshot === 0) return undefined;
  for await (const batch of batches(journal.scan({ after: snapshot, until }))) {
    batches$.next(batch);
    progress.show('Resuming', batch.last, until);
  }
  progress.clear();
  return { snapshot, models: models.current };
}

class Replay {
  readonly #batches = new Subject<Batch>();
  readonly #models: ReadModels;
  #last: RecordedEvent | undefined;

  constructor(note: (sentence: string) => void) {
    this.#models = new ReadModels(this.#batches, (message, error) => note(`${message}: ${(error as Error).message}`));
  }

  get current(): Then {
    const { position = 0, recordedAt = null } = this.#last ?? {};
    return { position, recordedAt, models: this.#models.current, faults: this.#models.faults };
  }

  fold(batch: Batch): void {
    this.#batches.next(batch);
    this.#last = batch.events.at(-1);
  }

  /** The end of the log, if the moment is not after it. */
  at(moment: Moment | 'end'): Then {
    const then = this.current;
    if (moment !== 'end' && 'position' in moment && moment.position > then.position) {
      throw new VerbError(`Position ${moment.position} is past the end of the log, which is at ${then.position}.`);
    }
    return then;
  }
}

function isBy({ events, last }: Batch, moment: Moment | 'end'): boolean {
  if (moment === 'end') return true;
  return 'position' in moment ? last <= moment.position : (events[0]?.recordedAt ?? '') <= moment.time;
}

/** The commits, whole as far as they are there: in a part of a log the rest of one may belong to others. */
async function* batches(pages: AsyncIterable<readonly StoredEvent[]>): AsyncGenerator<Batch> {
  const commits = new CommitBatcher();
  for await (const page of pages) yield* commits.take(page.map(decode));
  yield* commits.rest();
}
