// The follower of the first version, which knows services and incidents alone, on a server of this one.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CatchUp } from '../../src/realtime/catch-up.ts';
import { createService, get, put } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { runExample } from './running-example.ts';
import { send } from './send.ts';

const FOLLOWER = 'tests/fixtures/first-version/follow.js';

let app: StartedApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  jest.restoreAllMocks();
  await app.close();
});

test('prints each change of services and incidents once, and never joins anew', async () => {
  const joins = jest.spyOn(CatchUp.prototype, 'send');
  const group = await send(`${app.url}/api/groups`, { name: 'Core', organizationId: 'acme' });
  const run = runExample(process.execPath, [FOLLOWER, 'acme'], app.url);
  await run.printed(/status operational/);

  const place = { organizationId: 'acme', groupId: group };
  const [search, mail] = [
    await createService(app, { ...place, name: 'Search' }),
    await createService(app, { ...place, name: 'Mail' }),
  ];
  await put(app, `/api/groups/${group}`, { name: 'All of it' });
  await put(app, '/api/page/settings?organizationId=acme', { headline: 'Hello' });
  const impacts = { [search.id]: 'partial', [mail.id]: 'degraded' };
  const title = { title: 'Slow', description: 'Very', organizationId: 'acme' };
  const incident = await send(`${app.url}/api/incidents`, { ...title, impacts });
  await put(app, `/api/groups/${group}`, { display: 'affected' });
  await send(`${app.url}/api/incidents/${incident}/updates`, { status: 'resolved', message: 'Fast again' });
  await app.request(`/api/groups/${group}`, { method: 'DELETE' });
  await put(app, `/api/services/${mail.id}`, { status: 'major' });
  await run.printed(/Mail: major/);
  run.signal('SIGTERM');

  expect(await run.ended).toBe(0);
  expect(run.output.match(/^\d+ .*$/gm)).toEqual([
    '3 service-update Search: operational',
    '5 service-update Mail: operational',
    '8 incident-update Slow: investigating',
    '8 service-update Search: partial',
    '8 service-update Mail: degraded',
    '10 incident-update Slow: resolved',
    '10 service-update Search: operational',
    '10 service-update Mail: operational',
    '11 service-update Search: operational',
    '11 service-update Mail: operational',
    '12 service-update Mail: major',
  ]);
  expect(run.output).not.toContain('missed');
  expect(joins.mock.calls.map(([, room]) => room)).toEqual(['org:default', 'org:acme']);
  expect(await get(app, `/api/services/${mail.id}`)).toMatchObject({ groupId: null });
});
