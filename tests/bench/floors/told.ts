// How a floor starts: it reads what it is told, listens on loopback, and says where.
import type { Server } from 'node:http';
import { stdin } from 'node:process';
import { json } from 'node:stream/consumers';

/** What the bench sent on standard input. */
export async function told<T>(): Promise<T> {
  return (await json(stdin)) as T;
}

export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}`);
  });
}
