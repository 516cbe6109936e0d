// What clients asked and were answered: written down while they work, and checked when they have stopped.

/** One request and its answer. Times are in milliseconds of `performance.now()`. */
export interface Operation {
  readonly kind: 'create' | 'compare-and-set' | 'set' | 'read' | 'open';
  readonly begun: number;
  readonly ended: number;
  readonly status: number;
  /** The id of the entity; '' if it was not created. */
  readonly id: string;
  /** What the client gave the entity to tell this operation from others. */
  readonly marker: string;
  /** The idempotency key. */
  readonly key?: string;
  /** The version that the client expected, by `If-Match`; for a read the one that the position has at least. */
  readonly expected?: number;
  /** The version in the answer: the one after the change, or the one that was found instead. */
  readonly version?: number;
  /** The position of the log that the answer speaks of, and the one that the client asked for. */
  readonly position?: number;
  readonly atLeast?: number;
  /** The value that was set or read. */
  readonly value?: number;
}

export class History {
  readonly operations: Operation[] = [];

  /** What changed something. */
  readonly written: Operation[] = [];

  add(operation: Operation): void {
    this.operations.push(operation);
    if (operation.kind !== 'read' && isDone(operation)) this.written.push(operation);
  }

  /** What was answered as done. */
  get done(): readonly Operation[] {
    return this.operations.filter(isDone);
  }
}

function isDone({ status }: Operation): boolean {
  return status === 200 || status === 201;
}
