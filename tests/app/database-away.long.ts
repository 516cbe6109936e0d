// A server whose PostgreSQL goes away and comes back: reads and sockets go on from memory and say since when they may be
// old, writes and refusals get 503, and no restart is needed.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyTemplate, prepareServer, type TestDatabase } from '../support/postgres/databases.ts';
import { PostgresServer } from '../support/postgres/server.ts';
import { ask, createService, get } from '../support/rest.ts';
import { LiveServer } from '../support/sockets.ts';

let postgres: PostgresServer;
let database: TestDatabase;
let server: LiveServer;
beforeAll(async () => {
  postgres = await PostgresServer.create();
  database = await copyTemplate(await prepareServer(postgres.url));
  server = await LiveServer.start({ DATABASE_URL: database.url });
});
afterAll(async () => {
  await server.close();
  await postgres.dispose();
});

const nothing = '/api/services/a1b2c3d4-0000-4000-8000-000000000009';
const instant = expect.stringMatching(/^\d{4}-.*Z$/);

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('what is in memory is read and heard, with the time since when it may be old; all else waits for the database', async () => {
  const { app } = server;
  const service = await createService(app);
  await postgres.stop();
  await until(async () => (await ask(app, '/api/services')).headers.has('Plive-Stale-Since'));

  for (const path of ['/api/services', '/api/status', '/', `/api/services/${service.id}`]) {
    const { status, headers } = await ask(app, path);
    expect([path, status, headers.get('Plive-Stale-Since'), headers.get('X-Log-Position')]).toEqual([
      path,
      200,
      instant,
      '1',
    ]);
  }
  const client = await server.connect({ auth: { after: 0 } });
  await until(async () => client.updates().length > 0);
  expect(client.updates()).toMatchObject([{ data: { id: service.id } }]);

  const refusals = [
    ask(app, nothing),
    ask(app, '/api/services?at_least=2'),
    ask(app, '/api/services', { json: { name: 'Mail', description: 'Sends things' } }),
    ask(app, `/api/services/${service.id}`, { method: 'PUT', json: { status: 'major' } }),
  ];
  for (const { status, headers } of await Promise.all(refusals)) {
    expect([status, Number(headers.get('Retry-After')) > 0]).toEqual([503, true]);
  }
  expect(await ask(app, '/healthz')).toMatchObject({ status: 200, body: { ok: true } });
  expect(await ask(app, '/readyz')).toMatchObject({ status: 200, body: { ready: true, writable: false } });
  expect(await ask(app, '/health')).toMatchObject({
    status: 503,
    body: {
      status: 'failing',
      position: 1,
      lastContact: instant,
      problems: expect.arrayContaining([expect.stringContaining('PostgreSQL')]),
    },
  });

  await postgres.start();
  await until(async () => (await get<{ writable: boolean }>(app, '/readyz')).writable);
  await until(async () => !(await ask(app, '/api/services')).headers.has('Plive-Stale-Since'));
  expect((await ask(app, nothing)).status).toBe(404);
  const { id } = await createService(app);
  while (client.updates().length < 2) await client.settled();
  expect(client.updates()[1]).toMatchObject({ data: { id }, prev: 1, position: 2 });
  expect(await get(app, '/health')).toMatchObject({ status: 'ok', position: 2 });
});
