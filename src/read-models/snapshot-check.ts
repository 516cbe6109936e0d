// Compares the newest snapshot with a replay: the seal of a snapshot shows damage, but not a state that was wrong when it
// was written.
import { Subject } from 'rxjs';
import { MODEL_NAMES, type ModelName, type Models } from '../../projections/models.ts';
import type { Batch } from '../log/commit.ts';
import { CommitBatcher } from '../log/commit-batcher.ts';
import { decode } from '../log/encoding.ts';
import { ReadModels } from './read-models.ts';
import { type SnapshotSource, Snapshots } from './snapshots.ts';
import { stateHash } from './state-hash.ts';

interface Difference {
  /** Position of the snapshot. */
  readonly position: number;
  /** The read models that a replay gives otherwise. */
  readonly models: readonly ModelName[];
}

/**
 * What differs between the newest usable snapshot and a replay; `undefined` if nothing does, if there is no snapshot, or
 * if it is dropped meanwhile, because a redaction came. `pause` is awaited after each page of the log.
 */
export async function snapshotDifference(
  log: SnapshotSource,
  pause: () => Promise<void>,
): Promise<Difference | undefined> {
  const { position, hashes } = await ofSnapshot(log);
  if (position === 0) return undefined;
  await pause();
  const replayed = hashesOf(await replay(log, position, pause));
  const models = MODEL_NAMES.filter((name) => replayed.get(name) !== hashes.get(name));
  if (models.length === 0 || !(await log.snapshots?.list())?.includes(position)) return undefined;
  return { position, models };
}

/** Hashes instead of states, so that two copies of all read models are never in memory at once. */
async function ofSnapshot(log: SnapshotSource) {
  const { participants, current } = emptyModels();
  // A snapshot that cannot be used is passed over, as at the start.
  const options = { participants, every: Number.POSITIVE_INFINITY, atShutdown: Number.POSITIVE_INFINITY };
  const position = await new Snapshots(log, { ...options, report: () => {} }).start();
  return { position, hashes: position === 0 ? new Map() : hashesOf(current()) };
}

async function replay(log: SnapshotSource, until: number, pause: () => Promise<void>): Promise<Models> {
  const { batches$, current } = emptyModels();
  const commits = new CommitBatcher();
  for await (const page of log.scan({ after: 0, until })) {
    for (const batch of commits.take(page.map(decode))) batches$.next(batch);
    await pause();
  }
  return current();
}

function emptyModels() {
  const batches$ = new Subject<Batch>();
  const models = new ReadModels(batches$, () => {});
  return { batches$, participants: models.participants, current: () => models.current };
}

function hashesOf(models: Models): ReadonlyMap<ModelName, string> {
  return new Map(MODEL_NAMES.map((name) => [name, stateHash(models[name])]));
}
