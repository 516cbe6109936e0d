// A model client of one room: maintains the room's state from its updates, and records every violation of the sequence.
import { PUBLIC_KINDS } from '../../projections/kinds.ts';
import {
  type EntityUpdate,
  isOfFirstVersion,
  type Resume,
  type Snapshot,
  updateTypeOf,
} from '../../src/realtime/protocol.ts';

/** By the plural of a kind: entities in the order of creation. */
type State = Readonly<Record<string, readonly object[]>>;

interface FollowerTerms {
  /** Whether it is a client of the first version, which only hears of services and incidents. */
  readonly isFirstVersion?: boolean;
}

export class Follower {
  /** Descriptions of gaps, repeats and disorder; empty if the server is correct. */
  readonly faults: string[] = [];
  readonly #entities: ReadonlyMap<string, Map<string, object>>;
  readonly #isFirstVersion: boolean;
  #position = 0;
  #log: string | undefined;
  /**
   * The entities that it received at the current position; `undefined` after a snapshot, which contains all of them.
   */
  #received: Set<string> | undefined = undefined;

  constructor({ isFirstVersion = false }: FollowerTerms = {}) {
    this.#isFirstVersion = isFirstVersion;
    const types = PUBLIC_KINDS.map((kind) => ({ type: updateTypeOf(kind), plural: kind.plural }));
    const heard = types.filter((each) => !isFirstVersion || isOfFirstVersion(each));
    this.#entities = new Map(heard.map(({ plural }) => [plural, new Map()]));
  }

  /** Where it would resume, in the form of a join message. */
  get resume(): Resume & { after: number } {
    return { after: this.#position, seen: this.#received?.size, log: this.#log };
  }

  /** The state of the room, folded from its updates. */
  get state(): State {
    return Object.fromEntries([...this.#entities].map(([plural, entities]) => [plural, [...entities.values()]]));
  }

  load(snapshot: Snapshot): void {
    for (const [plural, entities] of this.#entities) {
      entities.clear();
      for (const entity of snapshot[plural as 'services']) entities.set(entity.id, entity);
    }
    this.#position = snapshot.position;
    this.#log = snapshot.log;
    this.#received = undefined;
  }

  hear(update: EntityUpdate): void {
    if (this.#isFirstVersion && !isOfFirstVersion(update)) return;
    const { type, data, log, position, prev } = update;
    const subject = `${type} of ${data.id} at ${position} after ${prev}`;
    const key = `${type} ${data.id}`;
    if (prev > this.#position) this.faults.push(`gap: ${subject}, with ${this.#position} the last`);
    if (position < this.#position) this.faults.push(`disorder: ${subject}, with ${this.#position} the last`);
    if (position === this.#position && (this.#received?.has(key) ?? true)) this.faults.push(`repeat: ${subject}`);
    if (position > this.#position || !this.#received) this.#received = new Set();
    this.#received.add(key);
    this.#position = position;
    this.#log = log;
    this.#take(update);
  }

  #take({ type, data: { deleted, reordered, ...shown } }: EntityUpdate): void {
    // The order of the page follows from what its services and groups say.
    if (reordered) return;
    const plural = PUBLIC_KINDS.find((kind) => updateTypeOf(kind) === type)?.plural ?? '';
    if (deleted) this.#entities.get(plural)?.delete(shown.id);
    else this.#entities.get(plural)?.set(shown.id, shown);
  }
}

/** The `prev` that each of these must have, which are all updates of a room. */
export function prevsOf(updates: readonly EntityUpdate[]): number[] {
  let last = 0;
  let lastOfFirstVersion = 0;
  return updates.map((update) => {
    const isFirst = isOfFirstVersion(update);
    const prev = isFirst ? lastOfFirstVersion : last;
    last = update.position;
    if (isFirst) lastOfFirstVersion = last;
    return prev;
  });
}
