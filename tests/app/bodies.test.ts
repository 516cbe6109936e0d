// Bodies of requests to a whole server: how much those can fill that do not arrive, and how large they may be.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/app/limits.ts';
import { startUnowned } from '../support/accounts.ts';
import { ask } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const { perAddress, total } = LIMITS.unreadBodies;
const LARGEST = LIMITS.bodies.bytes;

let app: StartedApp;
let clients: Socket[] = [];

afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await app.close();
});

/** Sends this many requests, the last byte of whose bodies does not come. Returns the number of cut off connections. */
async function sendUnfinished(count: number): Promise<() => number> {
  const { hostname, port } = new URL(app.url);
  let closed = 0;
  app.server.on('request', ({ method, socket }) => {
    if (method === 'POST') socket.once('close', () => closed++);
  });
  for (let index = 0; index < count; index += 1) {
    const client = connect(Number(port), hostname).on('error', () => {});
    clients.push(client);
    const head = ['Host: localhost', 'Content-Type: application/json', `Content-Length: ${LARGEST}`];
    const arrived = once(app.server, 'request');
    client.write(`POST /api/services HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n{"name":"`);
    await arrived;
  }
  return () => closed;
}

describe('bodies that do not arrive', () => {
  test('are limited by address', async () => {
    app = await startApp({ RATE_LIMIT: '600' });
    const closed = await sendUnfinished(perAddress / LARGEST + 3);
    while (closed() < 3) await ask(app, '/health');
    expect(closed()).toBe(3);
  });

  test('are limited in total, even where addresses are not', async () => {
    app = await startApp({ RATE_LIMIT: '0' });
    const closed = await sendUnfinished(total / LARGEST + 3);
    while (closed() < 3) await ask(app, '/health');
    expect(closed()).toBe(3);
  });
});

test('where no credential is needed, 4 kB are the most', async () => {
  app = await startUnowned();
  for (const path of ['/api/setup', '/api/sessions', '/api/password', '/api/invitations']) {
    const json = (bytes: number) => ({ json: { token: 'x'.repeat(bytes - '{"token":""}'.length) } });
    expect(await ask(app, path, json(4_096))).not.toMatchObject({ status: 413 });
    expect(await ask(app, path, json(4_097))).toMatchObject({
      status: 413,
      body: { code: 'body-too-large', detail: 'The body is larger than 4 kB.' },
    });
  }
});
