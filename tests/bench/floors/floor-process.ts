// The common part of floors: reads the input from the bench, listens on loopback, and prints the address.
import type { Server } from 'node:http';
import { stdin } from 'node:process';
import { json } from 'node:stream/consumers';

/** The input that the bench sent on standard input, as JSON. */
export async function readInput<T>(): Promise<T> {
  return (await json(stdin)) as T;
}

export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}`);
  });
}
