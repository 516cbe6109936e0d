// How much waits for a client to read it, and for how long.
import type { Client } from './client.ts';

/** How much may wait for one client. One with more is cut off; it can come back and resume. */
export interface UnreadLimits {
  readonly packets: number;
  readonly bytes: number;
}

/** And one that reads nothing of what waits for so long, in milliseconds. */
const PATIENCE = 15_000;

/** Engine.IO documents the buffer, but its types hide it. What was handed to the WebSocket already waits in there. */
export interface Buffers {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: { readonly bufferedAmount?: number } };
}

/** What waited for a client when it was last looked at, in bytes, and since when it has not become less. */
interface Waiting {
  readonly bytes: number;
  readonly since: number;
}

/** Looked at again and again, it tells who does not read. */
export class Unread {
  readonly #limits: UnreadLimits;
  readonly #waiting = new WeakMap<object, Waiting>();
  readonly #now: () => number;

  /** `now` is a clock that only goes forward, in milliseconds. */
  constructor(limits: UnreadLimits, now = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Whether more waits for the client than it may leave unread, or anything for longer. */
  isTooMuch(connection: Client['conn'] | Buffers): boolean {
    const buffers = connection as unknown as Buffers;
    const bytes = bytesIn(buffers);
    const isOver = buffers.writeBuffer.length > this.#limits.packets || bytes > this.#limits.bytes;
    return isOver || this.#isStuck(connection, bytes);
  }

  #isStuck(connection: object, bytes: number): boolean {
    const before = this.#waiting.get(connection);
    const isMoving = before === undefined || bytes === 0 || bytes < before.bytes;
    const since = isMoving ? this.#now() : before.since;
    this.#waiting.set(connection, { bytes, since });
    return this.#now() - since > PATIENCE;
  }
}

function bytesIn({ writeBuffer, transport }: Buffers): number {
  return writeBuffer.reduce((sum, { data }) => sum + sizeOf(data), transport.socket?.bufferedAmount ?? 0);
}

/** In bytes; near enough for text, whose length is known without encoding it. */
function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
