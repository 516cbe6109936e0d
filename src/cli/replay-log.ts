// Folds a log from its start, as the server does, into the read models as they were at given moments.
import { Subject } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Models } from '../../projections/models.ts';
import type { Batch } from '../log/commit.ts';
import { CommitBatcher } from '../log/commit-batcher.ts';
import { decode } from '../log/encoding.ts';
import type { StoredEvent } from '../log/journal.ts';
import type { FoldFault } from '../read-models/fold-commit.ts';
import { ReadModels } from '../read-models/read-models.ts';
import { type SnapshotSource, Snapshots } from '../read-models/snapshots.ts';
import type { Moment } from './arguments.ts';
import type { Source } from './storage.ts';
import { type Surroundings, VerbError } from './verb.ts';

/** The read models at one moment. */
export interface Then {
  /** Position of the last commit at that moment; 0 before the first. */
  readonly position: number;
  readonly recordedAt: string | null;
  readonly models: Models;
  /** The parts of read models that had stopped at an event. */
  readonly faults: readonly FoldFault[];
}

/**
 * The read models at each of the moments, in the order of the argument. `end` is the end of the log. Reads the log
 * once, in pages. A position within a commit counts as before the commit. Rejects with a `VerbError` for a position
 * past the end.
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
      if (!captured.has(index) && !isUpTo(batch, moment)) captured.set(index, replay.current);
    }
    if (captured.size === moments.length) break;
    replay.fold(batch);
    progress.show('Replaying', batch.last, source.head);
  }
  progress.clear();
  const reached = moments.map((moment, index) => captured.get(index) ?? replay.at(moment));
  return reached as { [K in keyof M]: Then };
}

/**
 * The read models at a position, folded from the newest usable snapshot as a server would. `undefined` if there is no
 * snapshot.
 */
export async function resumeLog(
  log: SnapshotSource,
  until: number,
  { progress, note }: Pick<Surroundings, 'progress' | 'note'>,
): Promise<{ readonly snapshot: number; readonly models: Models } | undefined> {
  const batches$ = new Subject<Batch>();
  const models = new ReadModels(batches$, () => {});
  // Write no snapshots: the command line only reads.
  const [every, atShutdown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const report = (message: string, error: unknown) => note(`${message}: ${(error as Error).message}`);
  const snapshots = new Snapshots(log, { participants: models.participants, every, atShutdown, report });
  const snapshot = await snapshots.seed(models.participants, until);
  if (snapshot === 0) return undefined;
  for await (const batch of batches(log.scan({ after: snapshot, until }))) {
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

  /** The read models at the end of the log. Throws a `VerbError` if the moment is a later position. */
  at(moment: Moment | 'end'): Then {
    const then = this.current;
    if (moment !== 'end' && 'position' in moment && moment.position > then.position) {
      throw new VerbError(`Position ${moment.position} is past the end of the log, which is at ${then.position}.`);
    }
    return then;
  }
}

/** Whether all events of the commit were recorded at or before the moment. */
function isUpTo({ events, last }: Batch, moment: Moment | 'end'): boolean {
  if (moment === 'end') return true;
  return 'position' in moment ? last <= moment.position : (events[0]?.recordedAt ?? '') <= moment.time;
}

/**
 * Groups events into commits. In an export of one organisation, a commit can lack the events of other organisations.
 */
async function* batches(pages: AsyncIterable<readonly StoredEvent[]>): AsyncGenerator<Batch> {
  const commits = new CommitBatcher();
  for await (const page of pages) yield* commits.take(page.map(decode));
  yield* commits.rest();
}
