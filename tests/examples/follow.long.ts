// examples/follow.js, run as it is.
import { describe, expect, test } from '@jest/globals';
import { startApp } from '../support/start-app.ts';
import { restartingServer } from './restarting-server.ts';
import { runExample } from './running-example.ts';
import { send } from './send.ts';

const follow = (url: string, ...args: string[]) => runExample(process.execPath, ['examples/follow.js', ...args], url);

describe('the follower', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('prints a line for each change from now on, until %s', async (signal) => {
    const app = await startApp({ SAMPLE_DATA: 'true' });
    const { position } = app.log;
    const run = follow(app.url);
    await run.printed(/status degraded, services 6, open incidents 1\n/);

    const service = await send(`${app.url}/api/services`, { name: 'Search', description: 'Finds' });
    const impacts = { [service]: 'partial' };
    const incident = await send(`${app.url}/api/incidents`, { title: 'Slow', description: 'Very', impacts });
    await send(`${app.url}/api/incidents/${incident}/updates`, { status: 'resolved', message: 'Fast again' });
    await app.request(`/api/services/${service}`, { method: 'DELETE' });
    await run.printed(/deleted/);
    run.signal(signal);

    expect(await run.ended).toBe(0);
    expect(run.output.split('\n').filter((line) => /^\d/.test(line))).toEqual([
      `${position + 1} service-update Search: operational`,
      `${position + 2} incident-update Slow: investigating`,
      `${position + 2} service-update Search: partial`,
      `${position + 3} incident-update Slow: resolved`,
      `${position + 3} service-update Search: operational`,
      `${position + 4} service-update Search: deleted`,
    ]);
    await app.close();
  });

  test('prints what it missed while the server was away, once', async () => {
    const server = await restartingServer();
    const run = follow(server.url);
    await run.printed(/status operational/);
    await send(`${server.url}/api/services`, { name: 'Before', description: 'A' });
    await run.printed(/Before/);

    await server.stop();
    await run.printed(/Connection lost/);
    await server.start();
    await send(`${server.url}/api/services`, { name: 'Meanwhile', description: 'B' });
    await run.printed(/Meanwhile/);
    await send(`${server.url}/api/services`, { name: 'After', description: 'C' });
    await run.printed(/After/);
    run.signal('SIGTERM');

    expect(await run.ended).toBe(0);
    expect(run.output.match(/^\d+ .*$/gm)).toEqual([
      '1 service-update Before: operational',
      '2 service-update Meanwhile: operational',
      '3 service-update After: operational',
    ]);
    expect(server.reported).toEqual([]);
    await server.dispose();
  });

  test('follows the organization that it is given, and no other', async () => {
    const app = await startApp();
    const run = follow(app.url, 'org-456');
    await run.printed(/status operational, services 0/);

    await send(`${app.url}/api/services`, { name: 'Of everyone', description: 'A' });
    await send(`${app.url}/api/services`, { name: 'Of others', description: 'B', organizationId: 'org-9' });
    await send(`${app.url}/api/services`, { name: 'Of theirs', description: 'C', organizationId: 'org-456' });
    await run.printed(/Of theirs/);
    run.signal('SIGTERM');

    expect(await run.ended).toBe(0);
    expect(run.output).not.toMatch(/Of everyone|Of others/);
    await app.close();
  });
});
