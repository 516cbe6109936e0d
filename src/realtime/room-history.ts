// The recent updates of each room: assigns updates their place in the room's sequence, and finds what a client missed.
import { PersistentMap } from '../../projections/state/persistent-map.ts';
import type { Codec } from '../../projections/state/projection.ts';
import type { Participant } from '../read-models/participant.ts';
import { type EntityUpdate, isOfFirstVersion, type Resume } from './protocol.ts';
import type { Unplaced } from './updates.ts';

export interface RoomHistoryLimits {
  /** Minimum number of updates that are stored for each room, if the total allows it. */
  readonly perRoom: number;
  /** Maximum number of stored updates of all rooms. The rooms without updates for longest are dropped first. */
  readonly total: number;
}

/** The end of a room's sequence: the position of its last update, and the number of updates with that position. */
interface RoomEnd {
  readonly position: number;
  readonly count: number;
  /** Position of the last update of the types that the first version of the protocol had. */
  readonly first: number;
}

const NO_UPDATES: RoomEnd = { position: 0, count: 0, first: 0 };

/** By room, every room that ever had an update. */
export type RoomEnds = PersistentMap<RoomEnd>;

/** Where each room's sequence of updates ends. */
export const roomEnds: Codec<RoomEnds> = {
  name: 'rooms',
  version: 2,
  initial: PersistentMap.empty(),
  *encode(ends) {
    for (const [room, { position, count, first }] of ends) yield [room, position, count, first];
  },
  decode(ends, part) {
    const [room, position, count, first] = part as [string, number, number, number];
    return ends.set(room, { position, count, first });
  },
};

/** The stored updates of a room. */
interface StoredUpdates {
  updates: EntityUpdate[];
  /** Position of the last update that was dropped. */
  dropped: number;
}

export class RoomHistory implements Participant<RoomEnds> {
  readonly codec = roomEnds;
  readonly #limits: RoomHistoryLimits;
  #ends = roomEnds.initial;
  /** By room. The room with the most recent update is last. */
  readonly #stored = new Map<string, StoredUpdates>();
  #total = 0;

  constructor(limits: RoomHistoryLimits) {
    this.#limits = limits;
  }

  /** Maximum number of stored updates of all rooms. */
  get capacity(): number {
    return this.#limits.total;
  }

  capture(): RoomEnds {
    return this.#ends;
  }

  /** Continues the sequences from these ends. Earlier updates count as dropped. */
  seed(ends: RoomEnds): void {
    this.#ends = ends;
  }

  /** Adds the update to the sequence of its room, and stores it. */
  append(unplaced: Unplaced): EntityUpdate {
    const { room } = unplaced;
    const before = this.position(room);
    const update = { ...unplaced, prev: this.advance(unplaced) };
    const stored = this.#stored.get(room) ?? { updates: [], dropped: before };
    stored.updates.push(update);
    this.#stored.delete(room);
    this.#stored.set(room, stored);
    this.#total += 1;
    // Dropping one half at a time keeps the average cost of an update constant.
    if (stored.updates.length >= 2 * this.#limits.perRoom) this.#drop(stored, this.#limits.perRoom);
    while (this.#total > this.#limits.total) this.#dropLeastRecent();
    return update;
  }

  /**
   * Advances the sequence of the room by an update, and returns its `prev`. Does not store the update: on its own, this
   * is only for updates older than all stored ones.
   */
  advance({ type, room, position }: Pick<Unplaced, 'type' | 'room' | 'position'>): number {
    const end = this.#ends.get(room) ?? NO_UPDATES;
    const isFirst = isOfFirstVersion({ type });
    const count = end.position === position ? end.count + 1 : 1;
    this.#ends = this.#ends.set(room, { position, count, first: isFirst ? position : end.first });
    return isFirst ? end.first : end.position;
  }

  /** Position of the last update of the room; 0 if there was none. */
  position(room: string): number {
    return this.#ends.get(room)?.position ?? 0;
  }

  /** The updates of the room after the point where a client resumes; `undefined` if they are no longer stored. */
  since(room: string, { after, seen }: Resume & { after: number }): readonly EntityUpdate[] | undefined {
    const end = this.#ends.get(room);
    if (!end || after > end.position) return [];
    if (after === end.position && (seen ?? end.count) >= end.count) return [];
    const stored = this.#stored.get(room);
    const dropped = stored?.dropped ?? end.position;
    if (after < dropped || (after === dropped && seen !== undefined && dropped > 0)) return undefined;
    const updates = stored?.updates ?? [];
    const rest = seen === undefined ? [] : updates.filter(({ position }) => position === after).slice(seen);
    return [...rest, ...updates.filter(({ position }) => position > after)];
  }

  /** Drops all stored updates of the room. A client that resumes then gets the state of the room instead. */
  forget(room: string): void {
    const stored = this.#stored.get(room);
    if (!stored) return;
    this.#drop(stored, 0);
    this.#stored.delete(room);
  }

  #dropLeastRecent(): void {
    const [room] = this.#stored.keys();
    if (room !== undefined) this.forget(room);
  }

  /** Drops the oldest updates, all but `remaining` of them. */
  #drop(stored: StoredUpdates, remaining: number): void {
    const count = stored.updates.length - remaining;
    stored.dropped = stored.updates[count - 1]?.position ?? stored.dropped;
    stored.updates = stored.updates.slice(count);
    this.#total -= count;
  }
}
