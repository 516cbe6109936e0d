// What each room heard last: gives updates their place in the sequence, and tells a client that was away what it missed.
import type { EntityUpdate, Resume } from './protocol.ts';
import type { Unplaced } from './updates.ts';

export interface RoomHistoryLimits {
  /** How many updates are kept for one room at least, as long as the total allows. */
  readonly perRoom: number;
  /** How many updates are kept in all; rooms that were silent longest forget first. */
  readonly total: number;
}

interface Kept {
  updates: EntityUpdate[];
  /** Position of the last update that was forgotten. */
  forgotten: number;
}

export class RoomHistory {
  readonly #limits: RoomHistoryLimits;
  /** Position of the last update of every room that ever had one. */
  readonly #last = new Map<string, number>();
  /** By room, the one that spoke last at the end. */
  readonly #kept = new Map<string, Kept>();
  #total = 0;

  constructor(limits: RoomHistoryLimits) {
    this.#limits = limits;
  }

  /** The update with its place behind the room's previous one. */
  append(unplaced: Unplaced): EntityUpdate {
    const { room, position } = unplaced;
    const prev = this.#last.get(room) ?? 0;
    const update = { ...unplaced, prev };
    const kept = this.#kept.get(room) ?? { updates: [], forgotten: prev };
    kept.updates.push(update);
    this.#last.set(room, position);
    this.#kept.delete(room);
    this.#kept.set(room, kept);
    this.#total += 1;
    // Forgetting a half at a time keeps the cost of an update constant.
    if (kept.updates.length >= 2 * this.#limits.perRoom) this.#forget(kept, this.#limits.perRoom);
    while (this.#total > this.#limits.total) this.#forgetSilent();
    return update;
  }

  /** What the room heard after the point where a client left off; `undefined` where that is not known any more. */
  since(room: string, { after, seen }: Resume & { after: number }): readonly EntityUpdate[] | undefined {
    const kept = this.#kept.get(room);
    const forgotten = kept?.forgotten ?? this.#last.get(room) ?? 0;
    if (after < forgotten || (after === forgotten && seen !== undefined && forgotten > 0)) return undefined;
    const updates = kept?.updates ?? [];
    const rest = seen === undefined ? [] : updates.filter(({ position }) => position === after).slice(seen);
    return [...rest, ...updates.filter(({ position }) => position > after)];
  }

  #forgetSilent(): void {
    const [silent] = this.#kept;
    if (!silent) return;
    const [room, kept] = silent;
    this.#forget(kept, 0);
    this.#kept.delete(room);
  }

  #forget(kept: Kept, keep: number): void {
    const gone = kept.updates.length - keep;
    kept.forgotten = kept.updates[gone - 1]?.position ?? kept.forgotten;
    kept.updates = kept.updates.slice(gone);
    this.#total -= gone;
  }
}
