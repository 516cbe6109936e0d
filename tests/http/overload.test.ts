// Too much to do: changes are refused until the main loop keeps up again, and reads go on.
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, createService, get } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.close());

/** Milliseconds that the loop is held in each of its turns. */
const HELD = 400;

/** Keeps the loop, which this test shares with the server, busy with something else until the work is done. */
async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  let isDone = false;
  const result = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    for (const end = performance.now() + HELD; performance.now() < end; );
    await turn();
  }
  return result;
}

const create = () => ask(app, '/api/services', { json: { name: 'Search', description: 'Finds things' } });

test('a change is refused while the loop is late and taken once it keeps up, a read is answered throughout', async () => {
  await createService(app);
  const refused = await whileBusy(async () => {
    let answer = await create();
    while (answer.status === 201) answer = await create();
    expect(await ask(app, '/api/services')).toMatchObject({ status: 200 });
    expect(await get(app, '/health')).toMatchObject({
      status: 'degraded',
      problems: [expect.stringMatching(/^The main loop is \d+ ms late\.$/)],
    });
    return answer;
  });
  expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
  expect(refused.headers.get('Retry-After')).toBe('2');
  let answer = await create();
  while (answer.status === 503) answer = await create();
  expect(answer.status).toBe(201);
  expect(await get(app, '/health')).toMatchObject({ status: 'ok' });
});
