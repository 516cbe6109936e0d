// Bodies in pieces: how long they are, and how they are sent without being copied together.
import type { ServerResponse } from 'node:http';
import type { Blocks, Reply } from './route.ts';

/** The body of an answer as bytes: its blocks, or else its body, encoded as JSON unless it is bytes or text already. */
export function blocksOf({ blocks, body }: Reply): Blocks {
  if (blocks) return blocks;
  return [Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))];
}

/** In bytes. */
export function lengthOf(blocks: Blocks): number {
  return blocks.reduce((sum, { length }) => sum + length, 0);
}

/** Sends the body, if there is one, and ends the response. Most bodies are one block, which costs one call. */
export function endWith(response: ServerResponse, body: string | Blocks | undefined): void {
  if (body === undefined || typeof body === 'string') return void response.end(body);
  if (body.length === 1) return void response.end(body[0]);
  // Corked until its end: all blocks go to the socket at once.
  response.cork();
  for (const block of body) response.write(block);
  response.end();
}
