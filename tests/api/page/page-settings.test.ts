// The settings of a page over the wire: what is shown, what may be changed, and what is refused without a trace.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShownPage } from '../../../projections/pages.ts';
import { type Asked, ask, get, put, refused } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
const now = () => new Date('2026-03-01T10:00:00.000Z');

beforeAll(async () => {
  app = await startApp({}, { now });
});
afterAll(() => app.close());

const PATH = '/api/page/settings';
const read = (query = '') => ask<ShownPage>(app, PATH + query);
const change = (json: object, headers: Asked['headers'] = {}) =>
  ask<ShownPage>(app, PATH, { method: 'PUT', json, headers });

test('a page has settings before anybody has made any, each organisation its own', async () => {
  const before = await read('?organizationId=acme');
  expect([before.status, before.body.name, before.body.version]).toEqual([200, 'acme', 0]);
  expect((await read()).body.name).toBe('Status');
  const changed = await ask<ShownPage>(app, `${PATH}?organizationId=acme`, { method: 'PUT', json: { name: 'Acme' } });
  expect([changed.status, changed.body]).toEqual([200, (await read('?organizationId=acme')).body]);
  expect((await read()).body.name).toBe('Status');
  expect(changed.etag).toMatch(/^"1-\d+"$/);
});

test('what is sent is recorded in its normal form, and null takes it back', async () => {
  const sent = {
    headline: ' Files and mail ',
    links: [{ label: 'Help', url: 'mailto:help@x.example' }],
    notice: { text: 'Closed on Friday.', until: '2026-03-02T00:00:00+01:00' },
    translations: { 'de-at': { headline: 'Dateien', notice: 'Freitag zu.' } },
    timeZone: 'Europe/Berlin',
    locale: 'en-gb',
    accent: '#0A6A59',
    embedHosts: ['https://www.x.example'],
    historyDays: 30,
  };
  expect((await change(sent)).body).toMatchObject({
    headline: 'Files and mail',
    notice: { text: 'Closed on Friday.', until: '2026-03-01T23:00:00.000Z' },
    translations: { 'de-AT': { headline: 'Dateien', notice: 'Freitag zu.' } },
    locale: 'en-GB',
    accent: '#0a6a59',
    accentDark: '#3a8d7a',
    embedHosts: ['https://www.x.example'],
  });
  const after = await change({ headline: null, notice: null, accent: null, embedHosts: null });
  for (const gone of ['headline', 'notice', 'accent', 'accentDark', 'embedHosts', 'translations']) {
    expect(after.body).not.toHaveProperty(gone);
  }
});

describe('conditions', () => {
  test('a change of what has changed meanwhile is refused, one of what has not is made', async () => {
    const { etag } = await change({ holdSeconds: 5 });
    expect((await change({ holdSeconds: 6 }, { 'If-Match': etag })).status).toBe(200);
    const stale = await change({ holdSeconds: 7 }, { 'If-Match': etag });
    expect([stale.status, (await read()).body.holdSeconds]).toEqual([412, 6]);
    const first = await read('?organizationId=new');
    const path = `${PATH}?organizationId=new`;
    await put(app, path, { holdSeconds: 5 });
    const late = await ask(app, path, { method: 'PUT', json: { holdSeconds: 9 }, headers: { 'If-Match': first.etag } });
    expect(late.status).toBe(412);
  });

  test('who has it is told that it is the same, until it changes', async () => {
    const { etag } = await read();
    const again = () => ask(app, PATH, { headers: { 'If-None-Match': etag } });
    expect((await again()).status).toBe(304);
    await change({ supportUrl: 'https://x.example/' });
    expect((await again()).status).toBe(200);
  });
});

test('the past is as it was, and so is its history', async () => {
  const before = await get<ShownPage>(app, PATH);
  const { position } = app.log;
  await change({ headline: 'Later' });
  expect(await get(app, `${PATH}?position=${position}`)).toEqual(before);
  const { entries } = await get<{ entries: { changes: unknown }[] }>(app, '/api/pages/default/history?limit=200');
  expect(entries.at(-1)?.changes).toEqual([{ field: 'headline', from: null, to: 'Later' }]);
});

test('a redaction takes words away wherever they are shown, and out of the past', async () => {
  await change({ links: [{ label: 'Secret', url: 'https://secret.example/' }] });
  const { position } = app.log;
  const redacted = await ask(app, `/api/events/${position}/redaction`, { json: { reason: 'A secret.' } });
  expect(redacted.status).toBe(201);
  expect((await read()).text).not.toMatch(/secret/i);
  expect((await read(`?position=${position}`)).text).not.toMatch(/secret/i);
});

describe('what is refused', () => {
  const LINK = { label: 'Help', url: 'https://x.example/' };
  test.each([
    [{ links: [{ ...LINK, url: 'javascript:alert(1)' }] }, '/links/0/url'],
    [{ links: [{ ...LINK, url: 'https://bank.example@x.example/' }] }, '/links/0/url'],
    [{ links: Array(21).fill(LINK) }, '/links'],
    [{ supportUrl: '/contact' }, '/supportUrl'],
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ timeZone: '+01:00' }, '/timeZone'],
    [{ locale: 'no such language' }, '/locale'],
    [{ accent: 'red' }, '/accent'],
    [{ historyDays: 0 }, '/historyDays'],
    [{ uptimePolicy: 'mine' }, '/uptimePolicy'],
    [{ embedHosts: ['https://x.example/path'] }, '/embedHosts/0'],
    [{ embedHosts: ['*'] }, '/embedHosts/0'],
    [{ translations: { de: {} } }, '/translations/de'],
  ])('%j', async (json, pointer) => {
    const { body } = await refused(app, PATH, { method: 'PUT', json }, [400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  test('a colour that is hard to read, with the nearest that is not', async () => {
    const { body } = await refused(app, PATH, { method: 'PUT', json: { accent: '#ffcc00' } }, [400, 'faint-colour']);
    const [, nearest = ''] = /nearest .* (#\w{6})\.$/.exec(String(body.detail)) ?? [];
    expect((await change({ accent: nearest })).status).toBe(200);
  });
});
