// The page in one answer: it says what the routes of its parts say, in the order of the page, now and in the past.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShownIncident } from '../../../projections/incidents.ts';
import type { ShownMaintenance } from '../../../projections/maintenance.ts';
import type { ShownService } from '../../../projections/service.ts';
import type { OverallStatus } from '../../../projections/status.ts';
import type { UptimeOfService } from '../../../projections/uptime-figures.ts';
import type { PageAnswer } from '../../../src/read-models/page-answer.ts';
import { ask, createService, type EventsPage, get, openIncident, put, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

const DAY = 86_400_000;
let app: StartedApp;
let time = Date.parse('2026-03-01T10:00:30.000Z');
const after = (milliseconds: number) => {
  time += milliseconds;
};

let api: ShownService;
let files: ShownService;
let mail: ShownService;
let spare: ShownService;

beforeAll(async () => {
  app = await startApp({ RATE_LIMIT: '0' }, { now: () => new Date(time) });
  api = await createService(app, { name: 'API' });
  files = await createService(app, { name: 'Files', translations: { de: { name: 'Dateien' } } });
  mail = await createService(app, { name: 'Mail', tenantId: 'red' });
  spare = await createService(app, { name: 'Spare' });
  await put(app, `/api/services/${spare.id}`, { onlyShowIfAffected: true });
  const { body: group } = await ask<{ id: string }>(app, '/api/groups', { json: { name: 'Storage' } });
  await put(app, '/api/page/order', { groups: [{ id: group.id, services: [files.id] }], services: [mail.id, api.id] });
  await put(app, '/api/page/settings', {
    timeZone: 'Europe/Berlin',
    headline: 'All of it',
    notice: { text: 'Closed.' },
  });
  after(5 * DAY);
  const over = await openIncident(app, { title: 'Over', impacts: { [files.id]: 'major' } });
  after(600_000);
  await put(app, `/api/incidents/${over.id}`, { status: 'resolved' });
  after(DAY);
});
afterAll(() => app.close());

const read = (query = '') => get<PageAnswer>(app, `/api/page${query}`);
const names = ({ services }: PageAnswer) => services.map(({ name }) => name);

test('lists what there is in the order of the page, and what is not affected only where it is wanted', async () => {
  const page = await read();
  expect(page.organization).toEqual({ id: 'default', name: 'default', slug: 'default' });
  expect(page.settings).toEqual(await get(app, '/api/page/settings'));
  expect(names(page)).toEqual(['Files', 'Mail', 'API']);
  expect(page.groups).toMatchObject([{ name: 'Storage', status: 'operational', services: [files.id] }]);
  expect(page.headline).toEqual({
    text: 'Everything works',
    detail: 'All 3 services are operational.',
    status: 'operational',
  });
  await put(app, `/api/services/${spare.id}`, { status: 'major' });
  const affected = await read();
  expect(names(affected)).toEqual(['Files', 'Mail', 'API', 'Spare']);
  expect([affected.status, affected.headline.text]).toEqual(['major', 'Spare is down']);
  await put(app, `/api/services/${spare.id}`, { status: 'operational' });
});

test('each part is what its own route says', async () => {
  const page = await read();
  for (const { uptime90, days, exceptions, ...service } of page.services) {
    expect(service).toEqual(await get(app, `/api/services/${service.id}`));
    const uptime = await get<UptimeOfService>(app, `/api/services/${service.id}/uptime?days=90`);
    expect([uptime90, page.from, page.to, page.zone]).toEqual([uptime.uptime, uptime.from, uptime.to, uptime.zone]);
    expect(days).toHaveLength(90);
    for (const { spans, ...exception } of exceptions) {
      expect(uptime.days).toContainEqual(expect.objectContaining(exception));
      expect(spans.length).toBeLessThanOrEqual(48);
    }
  }
  expect(page.status).toBe((await get<OverallStatus>(app, '/api/status')).overallStatus);
});

test('a bad day has its letter, its seconds and when it was', async () => {
  const { services } = await read();
  const strip = services.find(({ id }) => id === files.id);
  expect(strip?.days).toBe(`${'n'.repeat(83)}oooooxo`);
  expect(strip?.exceptions).toMatchObject([
    {
      date: '2026-03-06',
      seconds: { major: 600 },
      incidents: [expect.any(String)],
      spans: [['2026-03-06T10:00:30.000Z', '2026-03-06T10:10:30.000Z', 'major']],
    },
  ]);
});

test('shows no figure and no strip where the page or the service has none', async () => {
  await put(app, `/api/services/${api.id}`, { showUptime: false });
  const without = await read();
  const stripOf = (page: PageAnswer, id: string) => page.services.find((service) => service.id === id);
  expect(stripOf(without, api.id)).toMatchObject({ uptime90: null, days: '', exceptions: [] });
  expect(stripOf(without, mail.id)?.days).toHaveLength(90);
  await put(app, '/api/page/settings', { showUptime: false });
  expect(stripOf(await read(), mail.id)).toMatchObject({ uptime90: null, days: '' });
  await put(app, '/api/page/settings', { showUptime: true });
  await put(app, `/api/services/${api.id}`, { showUptime: true });
});

test('what goes on, what is planned and what is past', async () => {
  const open = await openIncident(app, { title: 'Slow', impacts: { [api.id]: 'degraded' } });
  const plan = (title: string, hours: number) =>
    ask<ShownMaintenance>(app, '/api/maintenances', {
      json: {
        title,
        description: 'New disks',
        affectedServices: [mail.id],
        startsAt: new Date(time + hours * 3_600_000).toISOString(),
        endsAt: new Date(time + (hours + 1) * 3_600_000).toISOString(),
      },
    });
  await plan('Coming', 5);
  await plan('Was', -8);
  const page = await read();
  expect(page.incidents).toEqual([await get<ShownIncident>(app, `/api/incidents/${open.id}`)]);
  expect(page.maintenances).toMatchObject([{ title: 'Coming', status: 'scheduled' }]);
  expect(page.past).toMatchObject([
    { kind: 'maintenance', title: 'Was' },
    { kind: 'incident', title: 'Over' },
  ]);
  expect(page.headline).toMatchObject({ text: 'API is degraded', status: 'degraded' });
  await put(app, '/api/page/settings', { historyDays: 1 });
  expect((await read()).past.map(({ title }) => title)).toEqual(['Was']);
  await put(app, '/api/page/settings', { historyDays: 14 });
  await remove(app, `/api/incidents/${open.id}`);
});

test('speaks the language of the reader where there are translations', async () => {
  await put(app, '/api/page/settings', { translations: { de: { headline: 'Alles', notice: 'Zu.' } } });
  const german = await read('?lang=de-at');
  expect(names(german)).toContain('Dateien');
  expect(german.settings).toMatchObject({ headline: 'Alles', notice: { text: 'Zu.' } });
  expect(names(await read('?lang=fr'))).toContain('Files');
});

test('says the headline in the language of the reader if the server speaks it, else in English', async () => {
  const headlines = await Promise.all(['?lang=de-at', '?lang=fr', ''].map(read));
  expect(headlines.map(({ headline }) => headline.text)).toEqual([
    'Alles funktioniert',
    'Everything works',
    'Everything works',
  ]);
});

test('of a tenant it lists what has its label', async () => {
  expect(names(await read('?tenantId=red'))).toEqual(['Mail']);
});

describe('the position, the hash and how long it holds', () => {
  test('are those of the last public event of the organisation', async () => {
    const page = await read();
    const { events } = await get<EventsPage>(app, `/api/events?after=${page.position - 1}`);
    expect([events[0]?.position, events[0]?.hash]).toEqual([page.position, page.hash]);
    const other = await createService(app, { organizationId: 'acme' });
    const { position, hash } = await read();
    expect({ position, hash }).toEqual({ position: page.position, hash: page.hash });
    await remove(app, `/api/services/${other.id}`);
  });

  test('an answer is kept until an event of the organisation, or until its time', async () => {
    const first = await ask<PageAnswer>(app, '/api/page');
    const again = () => ask(app, '/api/page', { headers: { 'If-None-Match': first.etag } });
    expect((await again()).status).toBe(304);
    await createService(app, { organizationId: 'acme' });
    expect((await again()).status).toBe(304);
    time = Date.parse(first.body.validUntil ?? '');
    const later = await ask<PageAnswer>(app, '/api/page');
    expect(later.etag).not.toBe(first.etag);
    expect(Date.parse(later.body.to)).toBe(time);
    await put(app, `/api/services/${api.id}`, { name: 'The API' });
    expect(names(await read())).toContain('The API');
  });
});

describe('the past', () => {
  test('is the page as it was, and holds for ever', async () => {
    const before = await read();
    const { position } = app.log;
    after(DAY);
    await put(app, `/api/services/${files.id}`, { status: 'partial' });
    const { validUntil, to, from, services, headline, ...then } = await read(`?position=${position}`);
    expect(validUntil).toBeNull();
    expect(then).toMatchObject({ status: before.status, position: before.position, hash: before.hash });
    expect(services.map(({ id, name, status }) => ({ id, name, status }))).toEqual(
      before.services.map(({ id, name, status }) => ({ id, name, status })),
    );
    expect(headline).toEqual(before.headline);
    const now = await read(`?at=${new Date(time).toISOString()}`);
    expect(now).toMatchObject({ status: 'partial', validUntil: null });
    await put(app, `/api/services/${files.id}`, { status: 'operational' });
  });
});

test('a page of an organisation that nothing was ever said of is empty', async () => {
  expect(await read('?organizationId=nobody')).toMatchObject({
    headline: { text: 'Nothing is listed here yet', detail: '' },
    services: [],
    position: 0,
    hash: '0'.repeat(64),
  });
});
