// What pages of other sites show in a frame, and the script for them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { addOrganization, startOwned } from '../support/accounts.ts';
import { createService } from '../support/rest.ts';
import { startApp } from '../support/start-app.ts';

let app: Awaited<ReturnType<typeof startOwned>>;
let search: string;
let hidden: string;

beforeAll(async () => {
  app = await startOwned();
  search = await add('services', { name: 'Search' });
  await add('services', { name: 'Mail' });
  await addOrganization(app, 'acme', { owner: app.owner, visibility: 'public' });
  await addOrganization(app, 'closed', { owner: app.owner, visibility: 'private' });
  hidden = await add('services', { name: 'Secret', organizationId: 'closed' });
});
afterAll(() => app.close());

async function add(kind: string, sent: object): Promise<string> {
  const json = { description: 'x', ...sent };
  const response = await app.request(`/api/${kind}`, { json, headers: app.owner.headers });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await app.request(path, { headers: { Accept: 'text/html', ...headers }, redirect: 'manual' });
  const { status } = response;
  const kept = [...response.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  return { status, headers: Object.fromEntries(kept), body: await response.text() };
}

const ancestorsIn = (headers: Readonly<Record<string, string>>) =>
  /frame-ancestors ([^;]+)/.exec(headers['content-security-policy'] ?? '')?.[1];

describe('a frame', () => {
  test('may be shown by anyone, sets no cookie, and is kept for half a minute', async () => {
    const { status, headers } = await get('/embed');
    expect([status, ancestorsIn(headers), headers['x-frame-options']]).toEqual([200, '*', undefined]);
    expect([headers['set-cookie'], headers['cache-control']]).toEqual([undefined, 'max-age=30']);
    expect((await get('/embed', { 'If-None-Match': headers.etag ?? '' })).status).toBe(304);
  });

  test('while a page may be shown by nobody', async () => {
    const { headers } = await get('/');
    expect([ancestorsIn(headers), headers['x-frame-options']]).toEqual(["'none'", 'DENY']);
  });

  test('may be shown by those alone whom the settings of the page name', async () => {
    const set = async (embedHosts: readonly string[] | null) => {
      const sent = { method: 'PUT', json: { embedHosts }, headers: app.owner.headers };
      expect((await app.request('/api/page/settings', sent)).status).toBe(200);
      // Also where it was kept before.
      const { headers } = await get('/embed');
      return ancestorsIn(headers);
    };
    expect(await set(['https://www.example.org', 'http://localhost:3000'])).toBe(
      'https://www.example.org http://localhost:3000',
    );
    expect(await set([])).toBe("'none'");
    expect(await set(null)).toBe('*');
  });

  test('says what the page says, in links that leave the frame', async () => {
    const incident = await add('incidents', { title: 'Search is slow', impacts: { [search]: 'degraded' } });
    const { body } = await get('/embed?lang=en');
    expect(body).toContain('<h1 id="headline">Search is degraded</h1>');
    expect(body).toContain(`<a href="/incidents/${incident}" target="_blank" rel="noopener">Search is slow</a>`);
    for (const [link] of body.matchAll(/<a [^>]*>/g)) expect(link).toMatch(/target="_blank" rel="noopener"/);
    expect((await get('/embed?lang=de')).body).toContain('<h1 id="headline">Search ist beeinträchtigt</h1>');
  });

  test('can be about one service', async () => {
    const { body } = await get(`/embed/${search}?lang=en`);
    expect(body).toContain('Search is degraded');
    expect(body).toContain('Search is slow');
    expect(body).not.toContain('Mail');
  });

  test('says another day when there is one, also where it is kept', async () => {
    const noon = Date.parse('2027-01-10T12:00:00.000Z');
    const hours = (count: number) => new Date(noon + count * 3_600_000);
    let now = hours(0);
    const other = await startApp({ RATE_LIMIT: '0' }, { now: () => now });
    try {
      await createService(other, { name: 'Mail' });
      const json = {
        title: 'Work',
        description: 'x',
        startsAt: hours(1),
        endsAt: hours(16),
        affectedServices: ['Mail'],
      };
      const planned = await other.request('/api/maintenances', { json: { ...json, autoStart: true, autoEnd: true } });
      expect(planned.status).toBe(201);
      const { id } = (await planned.json()) as { id: string };
      const sent = { json: { status: 'in-progress', message: 'We begin.' } };
      expect((await other.request(`/api/maintenances/${id}/updates`, sent)).status).toBe(201);
      const heading = async () => /<h1[^>]*>([^<]*)/.exec(await (await other.request('/embed?lang=en')).text())?.[1];
      now = hours(2);
      expect(await heading()).toBe('Mail is in maintenance until 11 Jan, 04:00');
      now = hours(13);
      expect(await heading()).toBe('Mail is in maintenance until 04:00');
    } finally {
      await other.close();
    }
  });

  test('has the theme that its site asks for, whatever the reader has chosen for pages here', async () => {
    const cookie = { Cookie: 'theme=dark' };
    expect((await get('/embed', cookie)).body).not.toContain('data-theme');
    expect((await get('/embed?theme=auto', cookie)).body).not.toContain('data-theme');
    expect((await get('/embed?theme=light', cookie)).body).toContain('data-theme="light"');
  });

  test('of a former address is at the new one', async () => {
    const { status, headers } = await get(`/status/default/embed/${search}?theme=dark`);
    expect([status, headers.location]).toEqual([302, `/embed/${search}?theme=dark`]);
  });

  test('of what is not there says so, the same for what is private', async () => {
    const nothing = await get('/status/nowhere/embed?theme=dark');
    expect([nothing.status, ancestorsIn(nothing.headers)]).toEqual([404, '*']);
    expect(nothing.body).toContain('data-theme="dark"');
    for (const path of [
      '/status/closed/embed',
      `/embed/${hidden}`,
      `/embed/${newId()}`,
      '/embed/x',
      `/status/closed/embed/${hidden}`,
      `/status/acme/embed/${search}`,
    ]) {
      expect(await get(`${path}?theme=dark`)).toEqual(nothing);
    }
    expect((await get(`/embed/${hidden}`, app.owner.headers)).body).toContain('Secret');
  });
});

test('the script for other sites has one address, and can be loaded there', async () => {
  const { status, headers, body } = await get('/embed.js');
  expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect([headers['cache-control'], headers['cross-origin-resource-policy']]).toEqual([
    'public, max-age=300',
    'cross-origin',
  ]);
  expect(body).toContain('plive-status');
  expect((await get('/embed.js', { 'If-None-Match': headers.etag ?? '' })).status).toBe(304);
});
