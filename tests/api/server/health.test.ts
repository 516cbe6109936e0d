// The health check over the wire.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, get } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let time = Date.parse('2026-03-01T10:00:00.000Z');

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(time) });
});

afterAll(() => app.close());

test.each(['/health', '/api/health'])('%s says that it is well, what time it is and for how long', async (path) => {
  time = Date.parse('2026-03-01T10:00:00.000Z') + 1_500;
  expect(await get(app, path)).toEqual({ status: 'ok', timestamp: '2026-03-01T10:00:01.500Z', uptime: 1.5 });
  const { headers } = await ask(app, path);
  expect([headers.get('Cache-Control'), headers.get('ETag')]).toEqual(['no-store', null]);
});
