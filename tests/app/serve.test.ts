// What the server says when it starts.
import { rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { startPlive } from '../support/plive.ts';

test.each([
  [{}, true],
  [{ PUBLIC_URL: 'https://status.acme.dev' }, false],
])('in production with %j it says that cookies are sent over http: %j', async (environment, isSaid) => {
  const directory = await temporaryDirectory();
  const server = startPlive(directory, { NODE_ENV: 'production', PORT: '0', ...environment }, 'serve');
  // The set-up link comes last.
  await server.printed(/token=/);
  expect(server.output.includes('PUBLIC_URL is not an https address')).toBe(isSaid);
  server.child.kill('SIGTERM');
  await server.ended;
  await rm(directory, { recursive: true });
});
