// What the server says when it starts.
import { rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { startPlive } from '../support/plive.ts';

test.each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ PUBLIC_URL: 'https://status.acme.dev' }, false],
])('in production with %j it says that cookies are sent over http: %j', async (environment, isSaid) => {
  const directory = await temporaryDirectory();
  const server = startPlive(directory, { NODE_ENV: 'production', PORT: '0', ...environment }, 'serve');
  await server.printed(/token=/);
  server.child.kill('SIGTERM');
  // Only then both streams have been read to their end: what one has said first can arrive after the other.
  await server.ended;
  expect(server.output.includes('PUBLIC_URL is not an https address')).toBe(isSaid);
  await rm(directory, { recursive: true });
});
