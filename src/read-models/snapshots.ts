// Snapshots: stored states of the read models, so that a start need not fold the whole log again. Only a cache.
import { filter, type Observable, tap } from 'rxjs';
import type { Batch } from '../log/commit.ts';
import type { Journal, SnapshotStore } from '../log/journal.ts';
import type { Report } from '../log/report.ts';
import type { Participant } from './participant.ts';
import { type Captured, readSnapshot, type SnapshotMoment, writeSnapshot } from './snapshot-text.ts';

export interface SnapshotsOptions {
  /** The read models and others whose states are stored. */
  readonly participants: readonly Participant<unknown>[];
  /** How many events are between two snapshots. */
  readonly every: number;
  /** How many events since the last snapshot justify another one at shutdown. */
  readonly atShutdown: number;
  /** Whether this node is the one that writes snapshots. Default: it is. */
  readonly isWriter?: () => boolean;
  /** Called with the reason when a snapshot was not written or not used. */
  readonly report: Report;
}

/** What snapshots need of a journal. */
export type SnapshotSource = Pick<Journal, 'scan' | 'snapshots'>;

/** How many older snapshots are retained, besides the latest two. */
const AGES = 14;

export class Snapshots {
  readonly #journal: SnapshotSource;
  readonly #store: SnapshotStore | undefined;
  readonly #options: SnapshotsOptions;
  /**
   * Position of the newest snapshot, including one that is being written. After a redaction: an upper bound, because
   * newer snapshots were dropped.
   */
  #latest = 0;
  #writing: { readonly position: number; readonly done: Promise<void> } | undefined;

  constructor(journal: SnapshotSource, options: SnapshotsOptions) {
    this.#journal = journal;
    this.#store = journal.snapshots;
    this.#options = options;
  }

  /** Seeds all participants from the newest usable snapshot. Resolves with its position; 0 if there is none. */
  async start(): Promise<number> {
    this.#latest = await this.seed(this.#options.participants, Number.POSITIVE_INFINITY);
    return this.#latest;
  }

  /**
   * Seeds only these participants, from the newest usable snapshot that is after `after` and not after `until`. Resolves
   * with the position to continue from, 0 if there is none. A damaged snapshot is reported, dropped and skipped. A snapshot with
   * another version of the states is dropped and skipped without a report, because every upgrade of a projection leaves
   * some. An older version of Plive that is started again must therefore fold the log, too.
   */
  async seed(participants: readonly Participant<unknown>[], until: number, after = 0): Promise<number> {
    const store = this.#store;
    if (!store) return 0;
    const complete = (await this.#list(store)).filter((position) => position !== this.#writing?.position);
    for (const position of complete.filter((each) => each > after && each <= until).reverse()) {
      const states = await this.#read(store, position, participants);
      if (!states) continue;
      for (const participant of participants) participant.seed(states.get(participant.codec.name));
      return position;
    }
    return 0;
  }

  /**
   * Starts to write a snapshot every `every` events. Participants must have subscribed before, so that they fold first.
   */
  keepUp(committed$: Observable<Batch>): void {
    const { every, isWriter = () => true } = this.#options;
    const isDue = ({ last }: Batch) => last >= this.#latest + every && this.#writing === undefined && isWriter();
    committed$.pipe(tap(this.#forgetRedacted), filter(isDue)).subscribe(({ last }) => void this.write(last));
  }

  /**
   * Writes a last snapshot if enough events came since the previous one. Resolves when no snapshot is being written.
   */
  async finish(position: number): Promise<void> {
    await this.#writing?.done;
    if (this.#options.isWriter?.() === false) return;
    if (position >= this.#latest + this.#options.atShutdown) await this.write(position);
  }

  /**
   * Writes a snapshot of all current states, which must be those at this position. It is encoded incrementally while
   * the server continues. Never rejects: a failure is reported, and there is no snapshot.
   */
  write(position: number): Promise<void> {
    const captured = this.#options.participants.map((each) => ({ codec: each.codec, state: each.capture() }));
    if (!this.#store || captured.some(({ state }) => state === undefined)) return Promise.resolve();
    this.#latest = position;
    const done = this.#writeTo(this.#store, position, captured)
      .catch((error) => this.#options.report(`the snapshot at ${position} was not written`, error))
      .finally(() => {
        this.#writing = undefined;
      });
    this.#writing = { position, done };
    return done;
  }

  /** The journal drops all snapshots that may contain redacted text, including one that is being written. */
  readonly #forgetRedacted = ({ redacted = [] }: Batch): void => {
    this.#latest = Math.min(this.#latest, ...redacted.map((position) => position - 1));
  };

  async #writeTo(store: SnapshotStore, position: number, captured: readonly Captured[]): Promise<void> {
    await store.write(position, writeSnapshot(await this.#momentAt(position), captured));
    const positions = await store.list();
    const retained = snapshotsToRetain(positions, this.#options.every);
    for (const each of positions) if (!retained.has(each)) await store.drop(each);
  }

  /** The states in a snapshot. If it is damaged or of another version, it is dropped and the result is `undefined`. */
  async #read(
    store: SnapshotStore,
    position: number,
    participants: readonly Participant<unknown>[],
  ): Promise<ReadonlyMap<string, unknown> | undefined> {
    const codecs = participants.map(({ codec }) => codec);
    let states: ReadonlyMap<string, unknown> | undefined;
    try {
      states = await readSnapshot(store.read(position), await this.#momentAt(position), codecs);
    } catch (error) {
      this.#options.report(`the snapshot at ${position} cannot be used`, error);
    }
    if (!states) await store.drop(position).catch(() => {});
    return states;
  }

  async #list(store: SnapshotStore): Promise<readonly number[]> {
    try {
      return await store.list();
    } catch (error) {
      this.#options.report('the snapshots cannot be listed, so none is used', error);
      return [];
    }
  }

  async #momentAt(position: number): Promise<SnapshotMoment> {
    for await (const [event] of this.#journal.scan({ after: position - 1, until: position })) if (event) return event;
    throw new Error(`The log has no event at ${position}.`);
  }
}

/**
 * The latest two snapshots, and of the older ones the oldest in each power-of-two range of distances to the head. So a
 * past position is never much further from the snapshot before it than from the head.
 *
 * @param positions ascending
 * @param every the distance that is the unit of the ranges
 */
export function snapshotsToRetain(positions: readonly number[], every: number): ReadonlySet<number> {
  const head = positions.at(-1) ?? 0;
  const oldest = new Map<number, number>();
  for (const position of positions.slice(0, -2)) {
    const distance = Math.max(1, (head - position) / every);
    const age = Math.min(AGES - 1, Math.floor(Math.log2(distance)));
    if (!oldest.has(age)) oldest.set(age, position);
  }
  return new Set([...oldest.values(), ...positions.slice(-2)]);
}
