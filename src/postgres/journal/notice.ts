// What nodes tell one another when they have recorded something.

/** The channel on which nodes hear it. */
export const CHANNEL = 'plive';

export interface LogNotice {
  /** Of the last event. */
  readonly position: number;
  /** Which node recorded it. */
  readonly node: string;
}

/** The payload of the notification. */
export function notice({ position, node }: LogNotice): string {
  return `${position} ${node}`;
}

/** `undefined` for a payload without a node, which other versions send. */
export function parseNotice(payload: string): LogNotice | undefined {
  const [, position, node] = /^(\d+) (.+)$/.exec(payload) ?? [];
  return node === undefined ? undefined : { position: Number(position), node };
}
