// Lanes: tasks in the same lane run one after another, tasks in different lanes concurrently.

/** The result of a task that was refused because its lane is full. */
export const LANE_FULL = Symbol('lane full');

interface Lane {
  tail: Promise<unknown>;
  length: number;
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #maxLength: number;

  /** A lane holds at most `maxLength` tasks, including the running one. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Runs the task after all earlier tasks in its lane have settled. */
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
