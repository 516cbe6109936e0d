// The export: word for word what is stored, for members; for strangers, what lets them check it all the same.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { parseExportLine } from '../../../projections/chain/export-line.ts';
import { exportPages } from '../../../projections/chain/export-pages.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { eventExportRoutes } from '../../../src/api/log/event-export.ts';
import { openPolicy, type Policy } from '../../../src/identity/policy.ts';
import { digest } from '../../../src/log/chain.ts';
import { EventLog } from '../../../src/log/event-log.ts';
import type { StoredEvent } from '../../../src/log/journal.ts';
import type { MemoryJournal } from '../../../src/log/memory-journal.ts';
import { type VerifyReport, verify } from '../../../src/log/verify.ts';
import { DatabaseSync } from '../../../src/sqlite/driver.ts';
import { memoryStorage, temporaryDirectory } from '../../support/journals.ts';
import { described, prepared, redacting } from '../../support/prepared.ts';
import { ask, createService, openIncident, put, refused } from '../../support/rest.ts';
import { type Served, serve } from '../../support/serve.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

describe('over the wire', () => {
  let directory: string;
  let app: StartedApp;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory, EVENTS_IN_MEMORY: '2' });
    const service = await createService(app, { name: 'Ünïcödé 🦊 \u2028' });
    await createService(app, { organizationId: 'acme' });
    await put(app, `/api/services/${service.id}`, { status: 'degraded', name: 'Found' });
    await openIncident(app, { organizationId: 'acme' });
  });
  afterAll(async () => {
    await app.close();
    await rm(directory, { recursive: true });
  });

  test('it is what is stored, byte for byte, a line an event', async () => {
    const { text, headers } = await ask(app, '/api/events/export');
    const database = new DatabaseSync(join(directory, 'plive.db'), { readOnly: true });
    const stored = database
      .prepare('SELECT position, recorded_at, hash, text, meta FROM events ORDER BY position')
      .all();
    database.close();
    const lines = stored.map(
      ({ position, recorded_at: recordedAt, hash, text: said, meta }) =>
        `${JSON.stringify({ position, recordedAt, hash, text: said, meta })}\n`,
    );
    expect(lines).toHaveLength(app.log.position);
    expect(text).toBe(lines.join(''));
    expect(headers.get('Content-Type')).toBe('application/x-ndjson');
    expect(headers.get('Content-Disposition')).toBe(`attachment; filename="plive-events-${app.log.position}.ndjson"`);
    expect(await check(text)).toMatchObject({ events: app.log.position, faults: [] });
  });

  test('that of one organisation can be verified alone', async () => {
    const { text, headers } = await ask(app, '/api/events/export?organizationId=acme');
    const { events, heads, faults } = await check(text);
    expect([events, Object.keys(heads), faults]).toEqual([2, ['acme'], []]);
    expect(headers.get('Content-Disposition')).toContain(`"plive-events-acme-${app.log.position}.ndjson"`);
  });

  test('that of what was blanked has what is left and the digest of what there was, and needs the event that says so', async () => {
    const { id } = await createService(app, { organizationId: 'blanked', name: 'hunter2' });
    const path = '/api/events/export?organizationId=blanked';
    const before = (await ask(app, path)).text;
    await ask(app, `/api/events/${app.log.position}/redaction`, { json: { reason: 'A leak' } });
    const { text } = await ask(app, path);
    const [first, second] = text.split('\n').map((line) => (line === '' ? undefined : parseExportLine(line)));
    const [was] = before.split('\n').map((line) => (line === '' ? undefined : parseExportLine(line)));
    if (!first || !second || !was || !('text' in first) || !('text' in was)) throw new Error('It is not exported.');
    expect(first).toEqual({ ...was, text: first.text, textDigest: digest(was.text) });
    expect(JSON.parse(first.text)).toMatchObject({ stream: `service-${id}`, data: { name: '[redacted]' } });
    expect(text).not.toContain('hunter2');
    expect(await check(text)).toMatchObject({ events: 2, faults: [] });
    const [line = ''] = text.split(/(?<=\n)/);
    expect(await check(line)).toMatchObject({ faults: [{ position: first.position }] });
  });

  test('that of an organisation of which nothing is known is empty', async () => {
    expect(await ask(app, '/api/events/export?organizationId=nobody')).toMatchObject({ status: 200, text: '' });
  });

  test('an organisation that cannot be is refused', async () => {
    await refused(app, '/api/events/export?organizationId=a/b', {}, [400, 'invalid-request']);
  });

  test('what comes while it is sent is left for another time', async () => {
    const head = app.log.position;
    const [exported] = await Promise.all([
      ask(app, '/api/events/export'),
      ...Array.from({ length: 20 }, () => createService(app)),
    ]);
    const { events } = await check(exported.text);
    const [, named] = /-(\d+)\.ndjson"$/.exec(exported.headers.get('Content-Disposition') ?? '') ?? [];
    expect(events).toBe(Number(named));
    expect(events).toBeGreaterThanOrEqual(head);
  });
});

describe('to strangers', () => {
  const viewer: Viewer = {
    actor: { kind: 'anonymous' },
    organizations: ['default'],
    access: (organizationId) => (organizationId === 'default' ? 'public' : 'none'),
  };
  const policy: Policy = { ...openPolicy, viewerOf: async () => viewer };
  let stored: StoredEvent[];
  let served: Served;
  let text: string;

  beforeAll(async () => {
    const storage = await memoryStorage();
    const journal = storage.journal() as MemoryJournal;
    // No type is for members alone, but one that this version does not know may be.
    const unknown = prepared({
      writes: [{ stream: 'service-1', expected: 'any', events: [described('a secret'), described('b')] }],
    });
    const [write] = unknown.writes;
    const [first, second] = write?.events ?? [];
    if (!write || !first || !second) throw new Error('Nothing was prepared.');
    await journal.commit([
      prepared({ writes: [{ stream: 'service-1', expected: 'any', events: [described('a')] }] }),
      { ...unknown, writes: [{ ...write, events: [{ ...first, type: 'team.noted' }, second] }] },
      prepared({ writes: [{ stream: 'service-2', expected: 'any', events: [described('c', 'acme')] }] }),
      prepared({ writes: [{ stream: 'service-1', expected: 'any', events: [described('d')] }] }),
    ]);
    const [blank] = (await journal.scan({ after: 0 }).next()).value ?? [];
    if (blank) await journal.commit([redacting(blank)]);
    stored = (await journal.scan({ after: 0 }).next()).value ?? [];
    const log = new EventLog(journal, { newId, eventsInMemory: 10, maxWaiting: 10, report: () => {} });
    await log.open();
    served = await serve(eventExportRoutes(log), { policy });
    text = await (await fetch(`${served.url}/api/events/export`)).text();
  });
  afterAll(() => served.close());

  test('it has public texts, and digests of what is for members', () => {
    const lines = text.trimEnd().split('\n');
    const veiled = stored.map(({ position, recordedAt, hash, text: said, textDigest, meta, type, organizationId }) => ({
      position,
      recordedAt,
      hash,
      ...(type === 'team.noted' ? { organizationId, textDigest: digest(said) } : { text: said }),
      ...(textDigest === null ? {} : { textDigest }),
      metaDigest: digest(meta),
    }));
    expect(lines.map((line) => JSON.parse(line))).toEqual(veiled.filter(({ position }) => position !== 4));
    expect(text).not.toMatch(/secret|team|acme|actor/);
  });

  test('a blanked text has its digest, because its salt is gone', () => {
    const [line = ''] = text.split('\n');
    const { text: said, textDigest } = JSON.parse(line);
    expect(textDigest).toBe(stored[0]?.textDigest);
    const { salt, ...rest } = JSON.parse(said);
    expect(salt).toBeNull();
    const guess = JSON.stringify({ ...rest, data: { name: 'a' } });
    expect([textDigest, JSON.parse(line).hash]).not.toContain(digest(guess));
  });

  test('it can be verified all the same', async () => {
    const head = stored.at(-1);
    expect(await check(text)).toEqual({
      events: 5,
      heads: { default: { position: 6, hash: head?.hash } },
      hidden: 1,
      blanked: 1,
      withheld: 0,
      faults: [],
      faultCount: 0,
    });
    expect(await check(text.replace('\\"name\\":\\"d\\"', '\\"name\\":\\"x\\"'))).toMatchObject({
      faults: [{ position: 5, problem: expect.stringMatching(/^Its hash does not match/) }],
    });
    const unseenGone = text.replace(/.*,"organizationId":.*\n/, '');
    expect(await check(unseenGone)).toMatchObject({ faults: [{ position: 3 }] });
  });

  test('that of an organisation which is not for them is empty, like that of one which is not there', async () => {
    for (const id of ['acme', 'nobody']) {
      expect(await (await fetch(`${served.url}/api/events/export?organizationId=${id}`)).text()).toBe('');
    }
  });
});

function check(text: string): Promise<VerifyReport> {
  return verify(exportPages(Readable.from([text])), { partial: true });
}
