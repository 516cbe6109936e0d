// `plive replay` and `plive diff`: any past of a running server's log, the same as the server tells it.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { ShownIncident } from '../../projections/incidents.ts';
import { foldModels, MODEL_NAMES, PROJECTIONS } from '../../projections/models.ts';
import type { ShownService } from '../../projections/service.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { plive, pliveJson } from '../support/plive.ts';
import { ask, createService, openIncident, put } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

interface Replayed {
  readonly position: number;
  readonly recordedAt: string | null;
  readonly projections: readonly { readonly stateHash: string; readonly entities: number }[];
  readonly services?: unknown;
  readonly incidents?: unknown;
}

let directory: string;
let app: StartedApp;
let file: string;
let service: ShownService;
let incident: ShownIncident;
/** 1 is a service, 2–4 one commit to it, 5 an incident that says something of it, 6 its resolution, 7 another service. */
let events: readonly RecordedEvent[];

beforeAll(async () => {
  directory = await temporaryDirectory();
  // Every event has a time of its own.
  let time = Date.parse('2026-03-01T09:00:00.000Z');
  const now = () => {
    time += 1_000;
    return new Date(time);
  };
  app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory }, { now });
  service = await createService(app);
  await put(app, `/api/services/${service.id}`, { status: 'degraded', name: 'Found', uptime: 1 });
  incident = await openIncident(app, { affectedServices: [service.id], impacts: { [service.id]: 'major' } });
  await ask(app, `/api/incidents/${incident.id}/updates`, { json: { status: 'resolved', message: 'Found it.' } });
  await createService(app, { organizationId: 'acme' });
  events = (await ask<{ events: RecordedEvent[] }>(app, '/api/events')).body.events;
  file = join(directory, 'export.ndjson');
  await writeFile(file, (await ask(app, '/api/events/export')).text);
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

describe('a replay', () => {
  // A position within a commit is before it.
  test.each([
    [0, 0],
    [1, 1],
    [3, 1],
    [4, 4],
    [5, 5],
    [6, 6],
    [7, 7],
  ])('until position %i is what a fold up to %i gives, and what the server tells', async (until, end) => {
    const models = foldModels(events.slice(0, end));
    const expected = {
      position: end,
      recordedAt: events[end - 1]?.recordedAt ?? null,
      projections: MODEL_NAMES.map((name) => ({ projection: name, stateHash: stateHash(models[name]) })),
    };
    expect(await pliveJson(directory, 'replay', '--until', String(until))).toMatchObject(expected);
    expect(await pliveJson(directory, 'replay', '--until', String(until), '--file', file)).toMatchObject(expected);
    const replayed = await pliveJson<Replayed>(
      directory,
      'replay',
      '--until',
      String(until),
      '--projection',
      'services',
    );
    expect(replayed.services).toEqual((await ask(app, `/api/services?position=${until}`)).body);
  });

  test('until a time is as of what was recorded by then', async () => {
    const { recordedAt = '' } = events[4] ?? {};
    const before = new Date(Date.parse(recordedAt) - 1).toISOString();
    expect(await pliveJson(directory, 'replay', '--until', recordedAt)).toMatchObject({ position: 5, recordedAt });
    expect(await pliveJson(directory, 'replay', '--until', before)).toMatchObject({ position: 4 });
    expect(await pliveJson(directory, 'replay', '--until', '2026-02-01T00:00:00+01:00')).toMatchObject({ position: 0 });
  });

  test('without an end is of now', async () => {
    const { current } = app.models;
    const { projections } = await pliveJson<Replayed>(directory, 'replay');
    expect(projections).toMatchObject(
      MODEL_NAMES.map((name) => ({ projection: name, stateHash: stateHash(current[name]) })),
    );
    expect(projections.slice(0, 2)).toMatchObject([
      { version: PROJECTIONS.services.version, entities: 2 },
      { entities: 1 },
    ]);
  });

  test('for people is a table, and of one projection all that it shows', async () => {
    const table = await plive(directory, 'replay', '--until', '5');
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/^At position 5, recorded at \S+:\nprojection +version +entities +state hash\n/);
    const { version } = PROJECTIONS.incidents;
    expect(table.stdout).toMatch(new RegExp(`\\nincidents +${version} +1 +[0-9a-f]{64}\\n`));
    const { stdout } = await plive(directory, 'replay', '--until', '5', '--projection', 'incidents');
    expect(stdout).toMatch(new RegExp(`\\n${incident.id}\\n[^]* {4}status: "investigating"\\n`));
    expect((await plive(directory, 'replay', '--until', '0')).stdout).toMatch(/^Before the first event:\n/);
  });

  test('of groups names the read model of services, which holds them', async () => {
    const replayed = await pliveJson<Replayed>(directory, 'replay', '--projection', 'groups');
    expect(replayed).toMatchObject({ projections: [{ projection: 'services' }], groups: [] });
  });

  test('past the end is refused', async () => {
    const sentence = 'Position 8 is past the end of the log, which is at 7.\n';
    expect(await plive(directory, 'replay', '--until', '8')).toEqual({ code: 2, stdout: '', stderr: sentence });
  });

  test('of a file with digests in place of texts is refused, with the line', async () => {
    const veiled = join(directory, 'veiled.ndjson');
    const { stdout } = await plive(directory, 'export');
    const [first, second = ''] = stdout.split('\n');
    const { meta: _, ...shown } = JSON.parse(second);
    await writeFile(veiled, `${first}\n${JSON.stringify({ ...shown, metaDigest: '0'.repeat(64) })}\n`);
    const { code, stderr } = await plive(directory, 'replay', '--file', veiled);
    expect([code, stderr]).toEqual([
      2,
      'Line 2 of the file has a hash instead of a text. Export the log as a member.\n',
    ]);
  });

  test('names an organisation whose part stands still, and ends with 1', async () => {
    const newer = await temporaryDirectory();
    await plive(newer, 'import', file);
    const database = new DatabaseSync(join(newer, 'plive.db'));
    database.exec(`UPDATE events SET text = replace(text, 'service.created', 'service.dreamt') WHERE position = 7`);
    database.close();
    const { code, stdout, stderr } = await plive(newer, 'replay', '--json');
    const stopped = { organizationId: 'acme', position: 7 };
    expect([code, JSON.parse(stdout).faults]).toEqual([
      1,
      MODEL_NAMES.map((projection) => ({ projection, ...stopped })),
    ]);
    expect(stderr).toContain('the read model "services" stops for the organisation "acme" at 7: A newer version wrote');
    expect((await plive(newer, 'diff', '6', '7')).code).toBe(2);
    await rm(newer, { recursive: true });
  });
});

describe('a difference', () => {
  test('of nothing is none', async () => {
    expect(await plive(directory, 'diff', '5', '5')).toEqual({ code: 0, stdout: '', stderr: '' });
    // 2 and 3 are within a commit.
    expect(await plive(directory, 'diff', '1', '3')).toMatchObject({ code: 0, stdout: '' });
  });

  test('names every field, also of what an incident says of a service', async () => {
    const { code, stdout } = await plive(directory, 'diff', '5', '6');
    expect(code).toBe(1);
    expect(stdout).toContain(`~ service ${service.id}\n    status: "major" → "degraded"\n`);
    expect(stdout).toMatch(new RegExp(`~ incident ${incident.id}\\n    status: "investigating" → "resolved"\\n`));
    expect(await plive(directory, 'diff', '5', '6', '--file', file)).toEqual({ code, stdout, stderr: '' });
  });

  test('tells what was added, and backwards what was removed', async () => {
    expect((await plive(directory, 'diff', '4', '5')).stdout).toMatch(
      new RegExp(`^\\+ incident ${incident.id}\\n`, 'm'),
    );
    expect((await plive(directory, 'diff', '5', '4')).stdout).toMatch(new RegExp(`^- incident ${incident.id}\\n`, 'm'));
  });

  test('between times, as JSON', async () => {
    const [from = '', to = ''] = [events[4]?.recordedAt, events[5]?.recordedAt];
    const { code, stdout } = await plive(directory, 'diff', from, to, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      {
        from: { position: 5, recordedAt: from },
        to: { position: 6, recordedAt: to },
        services: {
          added: [],
          removed: [],
          changed: [
            { id: service.id, fields: expect.arrayContaining([{ field: 'status', from: 'major', to: 'degraded' }]) },
          ],
        },
        incidents: {
          added: [],
          removed: [],
          changed: [
            {
              id: incident.id,
              fields: expect.arrayContaining([{ field: 'resolvedAt', from: null, to: expect.any(String) }]),
            },
          ],
        },
        groups: { added: [], removed: [], changed: [] },
      },
    ]);
  });
});
