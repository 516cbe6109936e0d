// Measures how much sent data a client has not read yet, and for how long.
import type { Socket } from 'socket.io';

/** How much data may wait for one client. A client that exceeds this is disconnected. It can reconnect and resume. */
export interface UnreadLimits {
  readonly packets: number;
  readonly bytes: number;
}

export interface UnreadTerms extends UnreadLimits {
  /** A client that reads nothing for this long while data waits is disconnected too, in milliseconds. */
  readonly readTimeout?: number | undefined;
}

/** The default of `readTimeout`. */
const READ_TIMEOUT = 15_000;

/**
 * The buffers of a connection: `writeBuffer` of Engine.IO, which is documented but missing in its types, and the buffer
 * of the WebSocket.
 */
export interface Buffers {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: { readonly bufferedAmount?: number } };
}

/** How many bytes waited at the last check, and since when that number has not become smaller. */
interface Waiting {
  readonly bytes: number;
  readonly since: number;
}

/** Detects clients that do not read. `isTooMuch` must be called periodically for each connection. */
export class Unread {
  readonly #limits: UnreadLimits;
  readonly #readTimeout: number;
  readonly #waiting = new WeakMap<object, Waiting>();
  readonly #now: () => number;

  /** `now` is a monotonic clock, in milliseconds. */
  constructor({ readTimeout = READ_TIMEOUT, ...limits }: UnreadTerms, now = () => performance.now()) {
    this.#limits = limits;
    this.#readTimeout = readTimeout;
    this.#now = now;
  }

  /** Whether the client leaves more data unread than it may, or has read nothing for too long. */
  isTooMuch(connection: Socket['conn'] | Buffers): boolean {
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
    return this.#now() - since > this.#readTimeout;
  }
}

function bytesIn({ writeBuffer, transport }: Buffers): number {
  return writeBuffer.reduce((sum, { data }) => sum + sizeOf(data), transport.socket?.bufferedAmount ?? 0);
}

/** Size in bytes. For text, the number of characters is close enough and needs no encoding. */
function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
