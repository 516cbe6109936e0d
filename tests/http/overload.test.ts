// Too much to do: changes are refused until the main loop keeps up again, and reads go on.
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { healthRoutes } from '../../src/api/server/health.ts';
import { LoopDelay } from '../../src/bounds/loop-delay.ts';
import type { Answer, Route } from '../../src/http/route.ts';
import { type Served, serve } from '../support/serve.ts';
import { startApp } from '../support/start-app.ts';

const open: Pick<Served, 'close'>[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const DONE: Answer = { status: 200, body: { done: true } };
const ROW = {
  path: '/api/something',
  tag: 'test',
  summary: 'Something',
  access: 'anyone',
  success: { status: 200, description: 'It' },
  problems: [],
  handle: () => DONE,
} as const;
const ROWS: readonly Route[] = [
  { ...ROW, method: 'get', operationId: 'getSomething' },
  { ...ROW, method: 'put', operationId: 'putSomething' },
];

test('a change is refused with when to come again, as long as there is too much to do; a read never is', async () => {
  let isOverloaded = true;
  const served = await serve(ROWS, { isOverloaded: () => isOverloaded });
  open.push(served);
  const ask = async (method: string) => {
    const response = await fetch(served.url + ROW.path, { method });
    return { response, body: (await response.json()) as { code?: string } };
  };
  const refused = await ask('PUT');
  expect([refused.response.status, refused.body.code]).toEqual([503, 'overloaded']);
  expect(refused.response.headers.get('Retry-After')).toBe('2');
  expect((await ask('GET')).body).toEqual({ done: true });
  isOverloaded = false;
  expect((await ask('PUT')).body).toEqual({ done: true });
});

test('the health check says how late the loop is where that is too late', async () => {
  const { log, models, close } = await startApp();
  open.push({ close });
  const loopDelay = { median: 1_234.5, isTooLong: true };
  const served = await serve(
    healthRoutes({ log, models, loopDelay, watched: [], node: 'node', now: () => new Date() }),
  );
  open.push(served);
  const response = await fetch(`${served.url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    status: 'degraded',
    problems: ['The main loop is 1235 ms late.'],
  });
});

/** Holds the loop again and again, for so many milliseconds each time, until this holds. */
async function held(milliseconds: number, isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    for (const end = performance.now() + milliseconds; performance.now() < end; );
    await turn();
  }
}

test('the loop is too late once it is held again and again, and no more when it is not', async () => {
  const delay = new LoopDelay({ window: 300, tooLate: 100 });
  delay.start();
  expect([delay.median, delay.isTooLong]).toEqual([0, false]);
  await held(200, () => delay.isTooLong);
  expect(delay.median).toBeGreaterThan(100);
  await held(0, () => !delay.isTooLong);
  delay.stop();
});

test('the loop is not too late because of one long task', async () => {
  const delay = new LoopDelay({ window: 300, tooLate: 100 });
  delay.start();
  let turns = 0;
  await held(500, () => turns++ > 0);
  const end = performance.now() + 1_000;
  await held(0, () => performance.now() > end || delay.isTooLong);
  expect(delay.isTooLong).toBe(false);
  delay.stop();
});
