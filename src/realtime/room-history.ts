// What each room heard last: gives updates their place in the sequence, and tells a client that was away what it
// missed.
import { PersistentMap } from '../../projections/state/persistent-map.ts';
import type { Codec } from '../../projections/state/projection.ts';
import type { Participant } from '../read-models/participant.ts';
import type { EntityUpdate, Resume } from './protocol.ts';
import type { Unplaced } from './updates.ts';

export interface RoomHistoryLimits {
  /** How many updates are kept for one room at least, as long as the total allows. */
  readonly perRoom: number;
  /** How many updates are kept in all; rooms that were silent longest forget first. */
  readonly total: number;
}

/** Where the sequence of a room ends: position of its last update, and how many it had at this very position. */
interface RoomEnd {
  readonly position: number;
  readonly count: number;
}

/** By room, every room that ever had an update. */
export type RoomEnds = PersistentMap<RoomEnd>;

const roomEnds: Codec<RoomEnds> = {
  name: 'rooms',
  version: 1,
  initial: PersistentMap.empty(),
  *encode(ends) {
    for (const [room, { position, count }] of ends) yield [room, position, count];
  },
  decode(ends, part) {
    const [room, position, count] = part as [string, number, number];
    return ends.set(room, { position, count });
  },
};

interface Kept {
  updates: EntityUpdate[];
  /** Position of the last update that was forgotten. */
  forgotten: number;
}

export class RoomHistory implements Participant<RoomEnds> {
  readonly codec = roomEnds;
  readonly #limits: RoomHistoryLimits;
  #ends = roomEnds.initial;
  /** By room, the one that spoke last at the end. */
  readonly #kept = new Map<string, Kept>();
  #total = 0;

  constructor(limits: RoomHistoryLimits) {
    this.#limits = limits;
  }

  /** How many updates are kept in all. */
  get capacity(): number {
    return this.#limits.total;
  }

  capture(): RoomEnds {
    return this.#ends;
  }

  /** Rooms go on from here. What they heard before counts as forgotten. */
  seed(ends: RoomEnds): void {
    this.#ends = ends;
  }

  /** The update with its place behind the room's previous one. */
  append(unplaced: Unplaced): EntityUpdate {
    const { room } = unplaced;
    const prev = this.pass(unplaced);
    const update = { ...unplaced, prev };
    const kept = this.#kept.get(room) ?? { updates: [], forgotten: prev };
    kept.updates.push(update);
    this.#kept.delete(room);
    this.#kept.set(room, kept);
    this.#total += 1;
    // Forgetting a half at a time keeps the cost of an update constant.
    if (kept.updates.length >= 2 * this.#limits.perRoom) this.#forget(kept, this.#limits.perRoom);
    while (this.#total > this.#limits.total) this.#forgetSilent();
    return update;
  }

  /**
   * Gives an update its place without keeping it, before the room's first one that is kept. Returns the place of the
   * one before.
   */
  pass({ room, position }: Pick<Unplaced, 'room' | 'position'>): number {
    const end = this.#ends.get(room);
    this.#ends = this.#ends.set(room, { position, count: end?.position === position ? end.count + 1 : 1 });
    return end?.position ?? 0;
  }

  /** What the room heard after the point where a client left off; `undefined` where that is not known any more. */
  since(room: string, { after, seen }: Resume & { after: number }): readonly EntityUpdate[] | undefined {
    const end = this.#ends.get(room);
    if (!end || after > end.position) return [];
    if (after === end.position && (seen ?? end.count) >= end.count) return [];
    const kept = this.#kept.get(room);
    const forgotten = kept?.forgotten ?? end.position;
    if (after < forgotten || (after === forgotten && seen !== undefined && forgotten > 0)) return undefined;
    const updates = kept?.updates ?? [];
    const rest = seen === undefined ? [] : updates.filter(({ position }) => position === after).slice(seen);
    return [...rest, ...updates.filter(({ position }) => position > after)];
  }

  /** Forgets all that the room heard so far: who was away gets its state instead. */
  forget(room: string): void {
    const kept = this.#kept.get(room);
    if (!kept) return;
    this.#forget(kept, 0);
    this.#kept.delete(room);
  }

  #forgetSilent(): void {
    const [silent] = this.#kept.keys();
    if (silent !== undefined) this.forget(silent);
  }

  #forget(kept: Kept, keep: number): void {
    const gone = kept.updates.length - keep;
    kept.forgotten = kept.updates[gone - 1]?.position ?? kept.forgotten;
    kept.updates = kept.updates.slice(gone);
    this.#total -= gone;
  }
}
