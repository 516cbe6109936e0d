// Lanes: work of the same name runs one after another, everything else side by side.

/** Answered instead of a result where too much work waits in the lane already. */
export const LANE_FULL = Symbol('lane full');

interface Lane {
  tail: Promise<unknown>;
  length: number;
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #maxLength: number;

  /** A lane holds at most `maxLength` pieces of work, the running one included. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Runs the work when all that came before it in its lane is over, well or badly. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T | typeof LANE_FULL> {
    const lane = this.#lanes.get(name) ?? { tail: Promise.resolve(), length: 0 };
    if (lane.length >= this.#maxLength) return LANE_FULL;
    this.#lanes.set(name, lane);
    lane.length += 1;
    const result = lane.tail.then(work);
    lane.tail = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      lane.length -= 1;
      if (lane.length === 0) this.#lanes.delete(name);
    }
  }
}
