// A crowd of which a fifth never reads: they are cut off, the server's memory stays bounded, and everyone else hears everything.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { Assistant, COMPILED, endAll, type Running, startServer } from '../bench/running.ts';
import type { Question } from '../bench/socket-clients.ts';
import { frame, openMute } from '../support/sockets.ts';

const READERS = 800;
const MUTES = 200;
/** More than the kernel takes for a connection that is not read, in messages of nearly the size that a body may have. */
const MESSAGES = 150;
const SIZE = 60_000;
/** How often a silent one says that it is there, in milliseconds: more often than it is asked. */
const PONG = 10_000;
/** Megabytes: far less than it would be, did each of the silent ones keep its own copy of what waits. */
const BOUND = 180;

afterAll(endAll);

async function connected(server: Running): Promise<number> {
  const info = await (await fetch(`${server.url}/api/websocket/info`)).json();
  return (info as { connectedClients: number }).connectedClients;
}

test(`${MUTES} of ${READERS + MUTES} clients never read`, async () => {
  const server = await startServer({ journal: 'memory', program: COMPILED });
  const readers = new Assistant('socket-clients.js');
  const ask = <T>(question: Question) => readers.ask<T>(question);
  await ask({ ask: 'connect', url: server.url, clients: READERS, greeting: '42' });
  const mutes: Awaited<ReturnType<typeof openMute>>[] = [];
  for (let count = 0; count < MUTES; count += 1) mutes.push(await openMute(server.url));
  for (const mute of mutes) mute.write(frame('40'));
  // They answer the pings that they do not read: nobody takes them for gone.
  const pongs = setInterval(() => {
    for (const mute of mutes) mute.write(frame('3'));
  }, PONG);
  while ((await connected(server)) < READERS + MUTES) await pause(100);
  const before = await server.memory();
  let most = before;

  const body = JSON.stringify({ type: 'status-update', data: 'x'.repeat(SIZE) });
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    await ask({ ask: 'expect', updates: 0, messages: READERS });
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${server.url}/api/websocket/broadcast`, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
    // All of those who read have it, whatever waits for the others.
    await ask({ ask: 'heard' });
    most = Math.max(most, await server.memory());
  }

  while ((await connected(server)) > READERS) await pause(100);
  expect(await connected(server)).toBe(READERS);
  expect((most - before) / 1_024).toBeLessThan(BOUND);
  clearInterval(pongs);
  for (const mute of mutes) mute.destroy();
});
