// How much waits for a client to read it.
import type { Client } from './client.ts';

/** A client with more than this waiting is cut off; it can come back and resume. */
const MAX_PACKETS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** Engine.IO documents the buffer, but its types hide it. What was handed to the WebSocket already waits in there. */
interface Buffers {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: { readonly bufferedAmount?: number } };
}

/** Whether more waits for the client than it is given time to read. */
export function hasTooMuchUnread(connection: Client['conn']): boolean {
  const { writeBuffer, transport } = connection as unknown as Buffers;
  if (writeBuffer.length > MAX_PACKETS) return true;
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += sizeOf(data);
  return bytes > MAX_BYTES;
}

/** In bytes; near enough for text, whose length is known without encoding it. */
function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
