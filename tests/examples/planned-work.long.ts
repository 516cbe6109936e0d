// examples/planned-work.js, run as it is.
import { expect, test } from '@jest/globals';
import { startApp } from '../support/start-app.ts';
import { runExample } from './running-example.ts';

const walk = (url: string) => runExample(process.execPath, ['examples/planned-work.js'], url);

test('a maintenance begins and ends by itself at the planned moments, and nothing is left behind', async () => {
  const app = await startApp();

  const run = walk(app.url);

  expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('Everything was as expected.')]);
  const recorded: string[] = [];
  for await (const { type, meta } of app.log.read({})) recorded.push(`${meta.actor.kind} ${type}`);
  expect(recorded.filter((each) => each.startsWith('system'))).toEqual([
    'system maintenance.started',
    'system maintenance.completed',
  ]);
  for (const list of ['groups', 'services', 'maintenances']) {
    expect(await (await app.request(`/api/${list}`)).json()).toEqual([]);
  }
  await app.close();
});

test('says so where there is no server', async () => {
  const run = walk('http://127.0.0.1:1');
  expect(await run.ended).toBe(1);
  expect(run.output).toContain('no answer from http://127.0.0.1:1');
});
