// `plive log` and `plive show` on the data directory of a running server, and on its export.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { ShownIncident } from '../../projections/incidents.ts';
import type { ShownService } from '../../projections/service.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { plive, pliveJson, startPlive } from '../support/plive.ts';
import { ask, createService, openIncident, put } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let directory: string;
let app: StartedApp;
let service: ShownService;
let incident: ShownIncident;
let file: string;
/** 1 and 2 of the service, 3 of acme, 4 and 5 of the incident. */
let events: readonly RecordedEvent[];

beforeAll(async () => {
  directory = await temporaryDirectory();
  app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
  service = await createService(app);
  await put(app, `/api/services/${service.id}`, { status: 'degraded' });
  await createService(app, { organizationId: 'acme', name: 'Bell \u202e rings' });
  incident = await openIncident(app);
  await ask(app, `/api/incidents/${incident.id}/updates`, { json: { status: 'resolved', message: 'Found it.' } });
  events = (await ask<{ events: RecordedEvent[] }>(app, '/api/events')).body.events;
  file = join(directory, 'export.ndjson');
  await writeFile(file, (await ask(app, '/api/events/export')).text);
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

async function positions(...words: readonly string[]): Promise<readonly number[]> {
  const { code, stdout, stderr } = await plive(directory, 'log', '--json', ...words);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).position);
}

describe('the log', () => {
  test('as JSON has every event as the API tells it', async () => {
    const { stdout } = await plive(directory, 'log', '--json');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });

  test('for people has a line for each, in which nothing steers the terminal', async () => {
    const { code, stdout } = await plive(directory, 'log');
    const lines = stdout.trimEnd().split('\n');
    expect([code, lines.length]).toEqual([0, 5]);
    expect(lines[1]).toBe(
      `      2  ${events[1]?.recordedAt}  service.status-reported     service-${service.id}  status "degraded"`,
    );
    expect(lines[2]).toContain('name "Bell \\u202e rings"');
  });

  test.each<[readonly string[], readonly number[]]>([
    [
      ['--after', '3'],
      [4, 5],
    ],
    [
      ['--limit', '2'],
      [1, 2],
    ],
    [['--limit', '0'], []],
    [
      ['--after', '1', '--limit', '2'],
      [2, 3],
    ],
    [
      ['--tail', '2'],
      [4, 5],
    ],
    [['--tail', '0'], []],
    [
      ['--tail', '9'],
      [1, 2, 3, 4, 5],
    ],
    [['--organization', 'acme'], [3]],
    [
      ['--organization', 'default', '--tail', '3'],
      [2, 4, 5],
    ],
    [
      ['--type', 'service.created'],
      [1, 3],
    ],
    [
      ['--type', 'service.created', '--type', 'incident.opened'],
      [1, 3, 4],
    ],
  ])('%j gives %j, from the directory and from a file', async (words, expected) => {
    expect(await positions(...words)).toEqual(expected);
    expect(await positions(...words, '--file', file)).toEqual(expected);
  });

  test('of a stream is of that stream alone', async () => {
    expect(await positions('--stream', `incident-${incident.id}`)).toEqual([4, 5]);
    expect(await positions('--stream', `incident-${incident.id}`, '--file', file)).toEqual([4, 5]);
  });

  test('is followed until SIGINT or SIGTERM', async () => {
    const followed = await temporaryDirectory();
    const server = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: followed });
    await createService(server);
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const runs = signals.map((signal) => {
      const run = startPlive(followed, {}, 'log', '--follow', '--type', 'service.created');
      return { signal, run };
    });
    for (const { run } of runs) await run.printed(/ 1 {2}/);
    const { id } = await createService(server);
    await put(server, `/api/services/${id}`, { status: 'major' });
    await createService(server);
    for (const { run, signal } of runs) {
      await run.printed(/ 4 {2}/);
      run.child.kill(signal);
      const code = await run.ended;
      const printed = run.output.trimEnd().split('\n');
      expect([signal, code, printed.map((line) => Number(line.trim().split(' ')[0]))]).toEqual([signal, 0, [1, 2, 4]]);
    }
    await server.close();
    await rm(followed, { recursive: true });
  });
});

describe('an entity', () => {
  test('is shown event by event, and as it is after them', async () => {
    const { code, stdout } = await plive(directory, 'show', `incident-${incident.id}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ 5 {2}.*incident\.update-posted.*\n {4}status: "investigating" → "resolved"\n/);
    expect(stdout).toMatch(new RegExp(`\\nincident ${incident.id}\\n[^]* {4}status: "resolved"\\n`));
  });

  test('as JSON is what the API shows, from the directory and from a file', async () => {
    const stream = `incident-${incident.id}`;
    const { body } = await ask(app, `/api/incidents/${incident.id}`);
    const history = await ask<{ entries: unknown }>(app, `/api/incidents/${incident.id}/history`);
    const shown = { stream, events: events.slice(3), changes: history.body.entries, entity: body };
    expect(await pliveJson(directory, 'show', stream)).toEqual(shown);
    expect(await pliveJson(directory, 'show', stream, '--file', file)).toEqual(shown);
  });

  test('that is gone is said to be', async () => {
    const { id } = await createService(app);
    await ask(app, `/api/services/${id}`, { method: 'DELETE' });
    expect(await pliveJson(directory, 'show', `service-${id}`)).toMatchObject({ entity: null });
    expect(await plive(directory, 'show', `service-${id}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/The service is deleted\.\n$/),
    });
  });

  test('that never was is not', async () => {
    const never = { code: 2, stdout: '', stderr: 'There is no stream service-1.\n' };
    expect(await plive(directory, 'show', 'service-1')).toEqual(never);
  });
});
