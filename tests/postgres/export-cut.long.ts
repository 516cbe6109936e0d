// An export whose database goes away: the client never takes a part for the whole.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { startOwned } from '../support/accounts.ts';
import { withServer } from '../support/postgres.ts';
import { addServices, ask } from '../support/rest.ts';
import { until } from '../support/until.ts';

test('an export that runs is cut off, and one that begins is refused with 503, and is no file', async () => {
  await withServer(async (server, { url }) => {
    const app = await startOwned({ DATABASE_URL: url });
    // More than the buffers of the connection hold.
    for (let count = 0; count < 10; count += 1) await addServices(app, 200, 'x'.repeat(10_000));
    const [response] = (await once(get(`${app.url}/api/events/export`), 'response')) as [IncomingMessage];
    await once(response, 'readable');
    await server.stop();
    await expect(response.resume().toArray()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect([response.statusCode, response.complete]).toEqual([200, false]);
    await until(async () => (await ask(app, '/api/events/export')).status === 503);
    const refused = await fetch(`${app.url}/api/events/export`);
    expect(refused.headers.get('content-type')).toMatch(/problem\+json/);
    expect(refused.headers.get('content-disposition')).toBeNull();
    await app.close();
  });
});
