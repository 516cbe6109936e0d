// A node that cannot reach its database: for a minute it believes the sessions that it knows, then none, and it goes on
// answering the public.
import { afterEach, expect, jest, test } from '@jest/globals';
import { startOwned } from '../support/accounts.ts';
import { EventSource } from '../support/event-source.ts';
import { withServer } from '../support/postgres.ts';
import { ask } from '../support/rest.ts';
import { until } from '../support/until.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

test('a node without its database refuses sessions after a minute, until it is back', async () => {
  await withServer(async (server, { url }) => {
    const app = await startOwned({ DATABASE_URL: url }, { expiryCheck: 20 });
    const { headers } = app.owner;
    const services = async (asked: object = {}) => (await ask(app, '/api/services', asked)).status;
    const [member, stranger] = [
      await EventSource.open(`${app.url}/api/events/stream`, headers),
      await EventSource.open(`${app.url}/api/events/stream`, {}),
    ];
    expect([await services(), await services({ headers })]).toEqual([200, 200]);
    await server.stop();
    expect([await services(), await services({ headers })]).toEqual([200, 200]);
    const actual = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => actual() + 61_000);
    expect([await services(), await services({ headers })]).toEqual([200, 503]);
    expect(await member.ended).toBe('complete');
    expect(stranger.response.closed).toBe(false);
    expect((await ask<{ problems: string[] }>(app, '/health')).body.problems).toContainEqual(
      expect.stringContaining('it refuses sessions and keys'),
    );
    await server.start();
    await until(async () => (await services({ headers })) === 200);
    stranger.leave();
    await app.close();
  });
});
