// The health check over the wire.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { healthRoutes } from '../../../src/api/server/health.ts';
import { probeRoutes } from '../../../src/api/server/probes.ts';
import { EventLog } from '../../../src/log/event-log.ts';
import { ReadModels } from '../../../src/read-models/read-models.ts';
import { ask, get } from '../../support/rest.ts';
import { serve } from '../../support/serve.ts';
import { sharedMemory } from '../../support/shared-memory.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let time = Date.parse('2026-03-01T10:00:00.000Z');

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(time) });
});

afterAll(() => app.close());

test('a forwarded address where no proxy is trusted is noticed, without what the header says', async () => {
  const behind = await startApp();
  const { length } = behind.reported;
  for (const address of ['198.51.100.7', '198.51.100.8']) {
    await ask(behind, '/api/status', { headers: { 'X-Forwarded-For': address } });
  }
  const { status, body } = await ask(behind, '/health');
  const notice = expect.stringMatching(
    /X-Forwarded-For, .* ignored because TRUST_PROXY is 0.* set TRUST_PROXY to the network/,
  );
  expect([status, body]).toMatchObject([200, { status: 'ok', notices: [notice] }]);
  expect(JSON.stringify(body)).not.toMatch(/198\.51|127\.0/);
  expect(behind.reported.slice(length)).toEqual([notice]);
  await behind.close();
});

test('a forwarded address of a trusted proxy is not', async () => {
  const behind = await startApp({ TRUST_PROXY: 'loopback' });
  await ask(behind, '/api/status', { headers: { 'X-Forwarded-For': '198.51.100.7' } });
  expect(await get(behind, '/health')).not.toHaveProperty('notices');
  expect(behind.reported).toEqual([]);
  await behind.close();
});

test.each([
  [{}, true],
  [{ PUBLIC_URL: 'http://status.acme.com' }, true],
  [{ PUBLIC_URL: 'https://status.acme.com' }, false],
  [{ AUTH: 'open', ALLOW_OPEN: 'true' }, false],
  [{ NODE_ENV: 'development' }, false],
])('in production with %j it says that cookies are sent over http: %j, and is well', async (environment, isSaid) => {
  const server = await startApp({ NODE_ENV: 'production', ...environment });
  const { status, body } = await ask(server, '/health');
  const notices = [expect.stringMatching(/PUBLIC_URL is not an https address.* not Secure/)];
  expect([status, body.status, body.notices]).toEqual([200, 'ok', isSaid ? notices : undefined]);
  await server.close();
});

test.each(['/health', '/api/health'])('%s says that it is well, what time it is and for how long', async (path) => {
  time = Date.parse('2026-03-01T10:00:00.000Z') + 1_500;
  expect(await get(app, path)).toEqual({ status: 'ok', timestamp: '2026-03-01T10:00:01.500Z', uptime: 1.5 });
  const { headers } = await ask(app, path);
  expect([headers.get('Cache-Control'), headers.get('ETag')]).toEqual(['no-store', null]);
});

test('the process answers, and can serve', async () => {
  expect(await get(app, '/healthz')).toEqual({ ok: true });
  expect(await get(app, '/readyz')).toEqual({ ready: true, writable: true });
});

test('a server that shares its log says which it is, how far it has read the log and when; reads go on without the log', async () => {
  const node = sharedMemory()();
  const log = new EventLog(node.journal, { newId, eventsInMemory: 10, maxWaiting: 10, report: () => {} });
  const models = new ReadModels(log.committed$, () => {});
  await log.open();
  const calm = { median: 0, isTooLong: false };
  const parts = { log, models, loopDelay: calm, watched: [], node: 'node-1', now: () => new Date() };
  const served = await serve([...healthRoutes(parts), ...probeRoutes(log)], { log });
  const read = async (path: string) => (await fetch(served.url + path)).json();
  while (log.asOf === undefined) await read('/healthz');
  const healthy = { status: 'ok', node: 'node-1', position: 0, lag: expect.any(Number) };
  expect(await read('/health')).toMatchObject({ ...healthy, lastContact: expect.stringMatching(/Z$/) });

  Object.defineProperty(log, 'staleSince', { value: new Date('2026-03-01T10:00:00.000Z') });
  expect(await read('/health')).toMatchObject({
    status: 'degraded',
    problems: ['The log was last read from PostgreSQL at 2026-03-01T10:00:00.000Z: answers may lack what came after.'],
  });
  log.fail('PostgreSQL cannot be reached.');
  expect(await read('/health')).toMatchObject({
    status: 'failing',
    problems: ['PostgreSQL cannot be reached.', expect.anything()],
  });
  expect(await read('/readyz')).toEqual({ ready: true, writable: false });
  await served.close();
  await log.close();
});
