// A clock that was wrong for a while: the log is then ahead of it, which shows, and hides nothing.
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { pliveJson } from '../support/plive.ts';
import { ask, createService, get } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

let directory: string;
let clock: number;
let app: StartedApp;

beforeEach(async () => {
  directory = await temporaryDirectory();
  clock = Date.parse('2026-03-01T10:00:00.000Z');
  app = await serve();
});
afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

function serve(environment: Record<string, string> = {}): Promise<StartedApp> {
  const given = { DATABASE_URL: 'sqlite:', DATA_DIR: directory, ...environment };
  return startApp(given, { now: () => new Date(clock) });
}

/** Records an event while the clock is ahead by this time. */
async function jump(milliseconds: number): Promise<void> {
  clock += milliseconds;
  await createService(app, { name: 'Recorded in the jump' });
  clock -= milliseconds;
}

const BEHIND = /^The clock of this machine is 10 s behind the last event, of 2026-03-01T10:00:10\.000Z: new events get/;

test('a log that is ahead of the clock shows in the log lines, once, and in the health check until it is over', async () => {
  await jump(10 * SECOND);
  expect(app.reported).toEqual([]);
  await createService(app);
  await createService(app);
  expect(app.reported).toEqual([
    expect.stringMatching(/^the clock is behind the log: The clock of this machine is 10 s/),
  ]);
  const { status, body } = await ask(app, '/health');
  expect([status, body]).toMatchObject([200, { status: 'degraded', problems: [expect.stringMatching(BEHIND)] }]);
  clock += 10 * SECOND;
  expect(await get(app, '/health')).toMatchObject({ status: 'ok' });
});

test('less than a second is nothing to speak of', async () => {
  await jump(SECOND - 1);
  await createService(app);
  expect([app.reported, await get(app, '/health')]).toMatchObject([[], { status: 'ok' }]);
});

test('what was recorded ahead of the clock is in the present, and in the one that is asked for by its time', async () => {
  await jump(10 * SECOND);
  await createService(app, { name: 'Later' });
  const now = new Date(clock).toISOString();
  expect(await get(app, `/api/services?at=${now}`)).toMatchObject([
    { name: 'Recorded in the jump' },
    { name: 'Later' },
  ]);
  const before = new Date(clock - 1).toISOString();
  expect(await get(app, `/api/services?at=${before}`)).toEqual([]);
});

test('a restart less than a day behind the log is told', async () => {
  await jump(DAY - 1);
  await app.close();
  app = await serve();
  expect(app.reported).toEqual([
    expect.stringMatching(/^the clock is behind the log: The clock of this machine is 86400 s/),
  ]);
});

test('a day behind the log, the server starts only if that is allowed', async () => {
  await jump(DAY);
  await app.close();
  await expect(serve()).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(
      /^Its last event is of 2026-03-02T10:00:00\.000Z, a day or more .*ALLOW_CLOCK_AHEAD=true/,
    ),
  });
  app = await serve({ ALLOW_CLOCK_AHEAD: 'true' });
  expect(await get(app, '/health')).toMatchObject({ status: 'degraded' });
  await createService(app);
  expect(await get(app, '/api/services')).toHaveLength(2);
});

test('the command line reads what is ahead of the clock, too', async () => {
  clock = Date.now() + DAY;
  await createService(app);
  const until = new Date(Date.now() - 1).toISOString();
  expect(await pliveJson(directory, 'replay', '--until', until)).toMatchObject({ position: 0 });
  for (const time of [new Date(Date.now() + 60_000).toISOString(), '2999-01-01T00:00:00Z']) {
    expect(await pliveJson(directory, 'replay', '--until', time)).toMatchObject({ position: 1 });
  }
});
