// Snapshots: what was folded from the log, kept beside it, so that not everything has to be folded again. Only ever a cache.
import { filter, type Observable, tap } from 'rxjs';
import type { Batch } from '../log/commit.ts';
import type { Journal, SnapshotStore } from '../log/journal.ts';
import type { Report } from '../log/report.ts';
import type { Participant } from './participant.ts';
import { type Captured, readSnapshot, type SnapshotMoment, writeSnapshot } from './snapshot-text.ts';

export interface SnapshotsOptions {
  /** Everyone whose state is kept. */
  readonly participants: readonly Participant<unknown>[];
  /** How many events lie between two snapshots. */
  readonly every: number;
  /** How many events after the last one make one worth its while at a shutdown. */
  readonly atShutdown: number;
  /** Told why a snapshot was not written or not used. */
  readonly report: Report;
}

/** How many are kept for their age, besides the latest two. */
const AGES = 14;

export class Snapshots {
  readonly #journal: Journal;
  readonly #shelf: SnapshotStore | undefined;
  readonly #options: SnapshotsOptions;
  /** Position of the latest one, be it still being written; after a redaction, one that it is not after. */
  #latest = 0;
  #writing: { readonly position: number; readonly done: Promise<void> } | undefined;

  constructor(journal: Journal, options: SnapshotsOptions) {
    this.#journal = journal;
    this.#shelf = journal.snapshots;
    this.#options = options;
  }

  /** Seeds everyone from the newest usable snapshot. Resolves with its position; 0 where there is none. */
  async start(): Promise<number> {
    this.#latest = await this.seed(this.#options.participants, Number.POSITIVE_INFINITY);
    return this.#latest;
  }

  /**
   * Seeds these participants, and nobody else, from the newest usable snapshot that is not after `until`. Resolves with the
   * position to go on from, 0 where there is none. A damaged snapshot is reported, dropped, and passed over. One of another
   * version of the states is dropped and passed over without a report, because every upgrade of a projection leaves some. An
   * earlier version that is started again must therefore fold the log, too.
   */
  async seed(participants: readonly Participant<unknown>[], until: number): Promise<number> {
    const shelf = this.#shelf;
    if (!shelf) return 0;
    const whole = (await this.#list(shelf)).filter((position) => position !== this.#writing?.position);
    for (const position of whole.filter((each) => each <= until).reverse()) {
      const states = await this.#read(shelf, position, participants);
      if (!states) continue;
      for (const participant of participants) participant.seed(states.get(participant.codec.name));
      return position;
    }
    return 0;
  }

  /** From now on writes a snapshot every so many events. Participants must have subscribed before: they fold first. */
  keepUp(committed$: Observable<Batch>): void {
    const isDue = ({ last }: Batch) => last >= this.#latest + this.#options.every && this.#writing === undefined;
    committed$.pipe(tap(this.#loseRedacted), filter(isDue)).subscribe(({ last }) => void this.write(last));
  }

  /** Writes a last snapshot if it is worth its while, and resolves when none is being written any more. */
  async finish(position: number): Promise<void> {
    await this.#writing?.done;
    if (position >= this.#latest + this.#options.atShutdown) await this.write(position);
  }

  /**
   * Writes a snapshot of what everyone has at this moment, which must be at this position. It is encoded bit by bit while
   * everything goes on. Never rejects: a snapshot that cannot be written is reported and done without.
   */
  write(position: number): Promise<void> {
    const captured = this.#options.participants.map((each) => ({ codec: each.codec, state: each.capture() }));
    if (!this.#shelf || captured.some(({ state }) => state === undefined)) return Promise.resolve();
    this.#latest = position;
    const done = this.#writeTo(this.#shelf, position, captured)
      .catch((error) => this.#options.report(`the snapshot at ${position} was not written`, error))
      .finally(() => {
        this.#writing = undefined;
      });
    this.#writing = { position, done };
    return done;
  }

  /** The journal keeps none, not even one that is still being written, which may hold what was redacted. */
  readonly #loseRedacted = ({ redacted = [] }: Batch): void => {
    this.#latest = Math.min(this.#latest, ...redacted.map((position) => position - 1));
  };

  async #writeTo(shelf: SnapshotStore, position: number, captured: readonly Captured[]): Promise<void> {
    await shelf.write(position, writeSnapshot(await this.#momentAt(position), captured));
    const positions = await shelf.list();
    const kept = worthKeeping(positions, this.#options.every);
    for (const each of positions) if (!kept.has(each)) await shelf.drop(each);
  }

  /** The states in a snapshot; `undefined`, and the snapshot is dropped, where it is damaged or of another version. */
  async #read(
    shelf: SnapshotStore,
    position: number,
    participants: readonly Participant<unknown>[],
  ): Promise<ReadonlyMap<string, unknown> | undefined> {
    const codecs = participants.map(({ codec }) => codec);
    let states: ReadonlyMap<string, unknown> | undefined;
    try {
      states = await readSnapshot(shelf.read(position), await this.#momentAt(position), codecs);
    } catch (error) {
      this.#options.report(`the snapshot at ${position} is not used`, error);
    }
    if (!states) await shelf.drop(position).catch(() => {});
    return states;
  }

  async #list(shelf: SnapshotStore): Promise<readonly number[]> {
    try {
      return await shelf.list();
    } catch (error) {
      this.#options.report('no snapshot is used', error);
      return [];
    }
  }

  async #momentAt(position: number): Promise<SnapshotMoment> {
    for await (const [event] of this.#journal.scan({ after: position - 1, until: position })) if (event) return event;
    throw new Error(`The log has no event at ${position}.`);
  }
}

/**
 * The latest two, and of the others one for each power of two in their distance to the head, the oldest of its kind: a past
 * is never much further from the snapshot before it than it is from now.
 *
 * @param positions ascending
 * @param every the least distance that counts as one of its own
 */
export function worthKeeping(positions: readonly number[], every: number): ReadonlySet<number> {
  const head = positions.at(-1) ?? 0;
  const oldest = new Map<number, number>();
  for (const position of positions.slice(0, -2)) {
    const distance = Math.max(1, (head - position) / every);
    const age = Math.min(AGES - 1, Math.floor(Math.log2(distance)));
    if (!oldest.has(age)) oldest.set(age, position);
  }
  return new Set([...oldest.values(), ...positions.slice(-2)]);
}
