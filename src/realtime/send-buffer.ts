// The messages to a client that its connection does not take yet, because the client has not read the earlier ones.
import type { Socket } from 'socket.io';
import type { Buffers } from './unread.ts';

type Connection = Socket['conn'];

/** Whether messages to the client wait in its buffer. */
export function isBehind(connection: Connection): boolean {
  return (connection as unknown as Buffers).writeBuffer.length > 0;
}

/** Resolves when no message waits in the client's buffer, or when the connection is closed. */
export async function drained(connection: Connection): Promise<void> {
  while (isBehind(connection) && connection.readyState !== 'closed') await nextDrain(connection);
}

function nextDrain(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      connection.off('drain', done).off('close', done);
      resolve();
    };
    connection.on('drain', done).on('close', done);
  });
}
