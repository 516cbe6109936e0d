// The pages below the front page, as they are sent: an incident, a maintenance, a service, history, uptime and the map.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { RouteRequest } from '../../src/http/route.ts';
import { ask, createService, put } from '../support/rest.ts';
import { anyone } from '../support/scenario.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const NOW = new Date('2026-11-29T09:42:00.000Z');
let app: StartedApp;
let service: string;
let incident: string;
let update: string;
let maintenance: string;
beforeAll(async () => {
  app = await startApp({}, { now: () => NOW });
  const made = async (path: string, json: object) => (await ask<{ id: string }>(app, path, { json })).body.id;
  service = await made('/api/services', {
    name: 'File Storage',
    description: 'Keeps files',
    startDate: '2026-09-10T00:00:00Z',
  });
  incident = await made('/api/incidents', {
    title: 'Slow <b>uploads</b>',
    description: 'Large transfers are **slow**.',
    impacts: { [service]: 'degraded' },
    affectedServices: [service],
    startedAt: '2026-11-29T07:55:00.000Z',
    nextUpdateBy: '2026-11-29T10:10:00.000Z',
    translations: { de: { title: 'Langsames Hochladen' } },
  });
  update = await made(`/api/incidents/${incident}/updates`, {
    status: 'identified',
    message: 'A wrong word.',
    nextUpdateBy: '2026-11-29T10:10:00.000Z',
  });
  maintenance = await made('/api/maintenances', {
    title: 'New disks',
    description: 'Nothing is lost.',
    startsAt: '2026-12-03T22:00:00Z',
    endsAt: '2026-12-04T00:00:00Z',
    affectedServices: [service],
  });
});
afterAll(() => app.close());

const page = async (path: string, headers: Record<string, string> = {}) =>
  ask(app, path, { headers: { Accept: 'text/html', ...headers } });

/** The text that a reader sees, without elements. */
function textOf(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  return body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

test('a correction says why it was made, until its reason is redacted', async () => {
  const { id } = await createService(app, { name: 'Corrected', startDate: '2026-11-28T00:00:00Z' });
  const reason = 'Measured <wrongly>';
  const times = { from: '2026-11-29T09:41:00.000Z', to: '2026-11-29T09:42:00.000Z' };
  const made = await ask(app, `/api/services/${id}/corrections`, { json: { ...times, status: 'major', reason } });
  expect(made.status).toBe(201);
  const corrections = async () => textOf((await page(`/services/${id}`)).text).split('Corrections')[1];
  expect(await corrections()).toContain('Measured &lt;wrongly>');
  await ask(app, `/api/events/${app.log.position}/redaction`, { json: { reason: 'It named somebody' } });
  expect(await corrections()).toContain('[redacted]');
});

describe('the page of an incident', () => {
  test('says what it is, since when, what it affects, and when the next update comes', async () => {
    const { status, text } = await page(`/incidents/${incident}`);
    expect(status).toBe(200);
    const shown = textOf(text);
    for (const part of ['Slow &lt;b>uploads&lt;/b>', 'Degraded', '07:55 UTC', 'since', 'File Storage', 'by 10:10']) {
      expect(shown).toContain(part);
    }
    expect(text).toContain('<strong>slow</strong>');
    expect(text).toMatch(/<title>▲ Slow/);
  });

  test('draws the day of the services, and goes on with it every ten minutes', async () => {
    const { text } = await page(`/incidents/${incident}`);
    expect(text).toContain('aria-label="Today, as of 09:42 in UTC: operational until 07:55, degraded since"');
    expect(text).toContain('data-until="2026-11-29T09:50:00.000Z"');
  });

  test('speaks the language of its reader, and marks what is in another one', async () => {
    const { text } = await page(`/incidents/${incident}`, { 'Accept-Language': 'de' });
    expect(text).toContain('<html lang="de"');
    expect(text).toContain('>Langsames Hochladen</h1>');
    expect(text).toMatch(/<div class="said" lang="en"><p>Large transfers/);
  });

  test('leads from an edited update to what it said before', async () => {
    await ask(app, `/api/incidents/${incident}/updates/${update}`, { method: 'PUT', json: { message: 'Better.' } });
    const { text } = await page(`/incidents/${incident}`);
    const [, before = ''] = /href="(\/incidents\/[^"]+\?at=[^"#]+)/.exec(text) ?? [];
    expect(before).not.toBe('');
    expect(text).not.toContain('A wrong word.');
  });

  test('is kept until something happens, and then made anew', async () => {
    const first = await page(`/incidents/${incident}`);
    const again = await page(`/incidents/${incident}`, { 'If-None-Match': first.etag });
    expect([first.status, again.status]).toEqual([200, 304]);
    await ask(app, `/api/incidents/${incident}/updates`, { json: { status: 'monitoring', message: 'Watching.' } });
    const after = await page(`/incidents/${incident}`, { 'If-None-Match': first.etag });
    expect([after.status, textOf(after.text).includes('Watching.')]).toEqual([200, true]);
  });

  test('shows the past as it was, never live, with links that stay there', async () => {
    const { text, headers } = await page(`/incidents/${incident}?position=2`);
    expect(textOf(text)).toContain('record 2');
    expect(text).not.toContain('data-live');
    expect(text).toContain('aria-label="29 Nov 2026, as of 09:42 in UTC: operational until 07:55, degraded since"');
    expect(text).toContain(`href="/services/${service}?position=2"`);
    expect(headers.get('Cache-Control')).toContain('private');
    expect(textOf(text)).not.toContain('Better.');
  });
});

test('the page of a maintenance says when, and what to expect', async () => {
  const { text } = await page(`/maintenance/${maintenance}`);
  for (const part of ['New disks', 'Thu 3 Dec, 22:00–00:00', 'Nothing is lost.', 'File Storage']) {
    expect(textOf(text)).toContain(part);
  }
});

test('the page of all maintenance lists it', async () => {
  const { text } = await page('/maintenance');
  expect(text).toContain(`href="/maintenance/${maintenance}"`);
});

test('the page of a service has its uptime, its strip, and a table of its days with trouble', async () => {
  const { text } = await page(`/services/${service}`);
  expect(text).toContain('data-strip');
  expect(text).toMatch(/<th[^>]*scope="rowgroup"[^>]*>29 Nov 2026<\/th>/);
  expect(text).toContain(`<a href="/incidents/${incident}">`);
  expect((await page(`/services/${service}?month=2026-13`)).status).toBe(400);
  for (const month of ['9999-12', '2020-01']) {
    expect((await page(`/services/${service}?month=${month}`)).status).toBe(404);
  }
});

describe('the history', () => {
  test('lists what began in each month, and filters it', async () => {
    const { text } = await page('/history');
    expect(textOf(text)).toContain('November 2026');
    expect(text).toContain(`href="/incidents/${incident}"`);
    const filtered = await page('/history?service=&kind=maintenance');
    expect(textOf(filtered.text)).toContain('Nothing matches.');
  });

  test.each(['/history?before=2020-01', '/history?before=2030-01'])('has no page %s', async (path) => {
    expect((await page(path)).status).toBe(404);
  });
});

test('the page of uptime says how it is counted', async () => {
  const { text } = await page('/uptime');
  expect(textOf(text)).toMatch(/statuspage-1.*File Storage/);
});

describe('what can be subscribed to', () => {
  const links = (text: string) => [...text.matchAll(/<a class="button"[^>]* href="([^"]*)"/g)].map(([, href]) => href);

  test('is the feeds and the calendar of everything, or of one service', async () => {
    const everything = links((await page('/subscribe')).text);
    for (const file of ['feed.atom', 'feed.rss', 'feed.json', 'maintenance.ics'])
      expect(everything).toContain(`/${file}`);
    expect(everything).toContainEqual(expect.stringMatching(/^webcal:\/\/[^/]+\/maintenance\.ics$/));
    const { text } = await page(`/subscribe?service=${service}`);
    for (const file of ['feed.atom', 'maintenance.ics']) expect(links(text)).toContain(`/services/${service}/${file}`);
    expect(text).toContain(`<option value="${service}" selected>`);
    expect((await page('/subscribe?service=')).text).toContain('href="/feed.atom"');
    expect((await page(`/subscribe?service=${newId()}`)).status).toBe(404);
  });

  test('is also what other sites can show', async () => {
    const snippets = async (query: string) =>
      [...(await page(`/subscribe${query}`)).text.matchAll(/<pre[^>]*><code>([\s\S]*?)<\/code>/g)].map(
        ([, text = '']) => text.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
      );
    const origin = app.url.replace('127.0.0.1', 'localhost');
    const all = await snippets('');
    expect(all).toEqual([
      `<a href="${origin}/"><img src="${origin}/badge.svg" alt="Status"/></a>`,
      `<iframe src="${origin}/embed" title="Status" width="320" height="420"></iframe>`,
      `<script src="${origin}/embed.js" async></script>\n<plive-status src="${origin}/"></plive-status>`,
    ]);
    const one = await snippets(`?service=${service}`);
    for (const snippet of [...all, ...one]) {
      const [, address = ''] = /src="([^"]*)"/.exec(snippet) ?? [];
      expect((await page(address.replace(origin, ''))).status).toBe(200);
    }
    expect(one.map((snippet) => snippet.includes(service))).toEqual([true, true]);
  });

  test('is what every page leads to, and announces', async () => {
    for (const path of ['/', '/history', `/incidents/${incident}`, `/maintenance/${maintenance}`]) {
      const { text } = await page(path);
      expect(links(text)).toContain('/subscribe');
      expect(text).toContain('<link rel="alternate" type="application/atom+xml" title="Atom" href="/feed.atom"/>');
      expect(text).toMatch(/<a href="\/maintenance\.ics">Calendar<\/a>/);
    }
    const { text } = await page(`/services/${service}`);
    expect(text).toContain(`title="RSS" href="/services/${service}/feed.rss"`);
    expect(text).toContain(`href="/subscribe?service=${service}"`);
    expect(links((await page(`/maintenance/${maintenance}`)).text)).toContain('/maintenance.ics');
    expect((await page('/?position=3')).text).not.toContain('type="application/atom+xml"');
  });
});

test('the map lists the pages, from the origin of the server', async () => {
  const { text, headers } = await ask(app, '/sitemap.xml');
  expect(headers.get('Content-Type')).toContain('application/xml');
  for (const path of ['/', '/history', `/incidents/${incident}`, `/services/${service}`]) {
    expect(text).toMatch(new RegExp(`<loc>http://[^<]*:\\d+${path}</loc>`));
  }
});

test('the map has the same tag until there is another page', async () => {
  const tag = async () => (await ask(app, '/sitemap.xml')).headers.get('ETag');
  const before = await tag();
  await put(app, `/api/services/${service}`, { description: 'Keeps all files' });
  expect(await tag()).toBe(before);
  await createService(app, { name: 'Another' });
  expect(await tag()).not.toBe(before);
});

describe('what was withdrawn', () => {
  test('is gone, without a word of what it said; its members can look back', async () => {
    const { body } = await ask<{ id: string }>(app, '/api/incidents', {
      json: { title: 'A secret', description: 'x' },
    });
    await ask(app, `/api/incidents/${body.id}/retraction`, { json: {} });
    const gone = await page(`/incidents/${body.id}`);
    expect([gone.status, gone.text.includes('secret')]).toEqual([410, false]);
    expect(gone.text).toContain('Withdrawn on 29 Nov 2026.');
    const [, link = ''] = gone.text.match(/<a href="([^"]*)">See it as it last was/) ?? [];
    const before = await page(link);
    expect([before.status, textOf(before.text).includes('A secret')]).toEqual([200, true]);
  });

  test('is unknown if it never was', async () => {
    const { status } = await page('/incidents/00000000-0000-4000-8000-000000000009');
    expect(status).toBe(404);
  });
});

test('the history of a service that a client invents is not kept', async () => {
  const route = app.routes.find(({ path }) => path === '/history');
  const isKept = async (sent: string) => {
    const asked = { query: { service: sent }, reader: {}, viewer: anyone, turn: <T>(work: () => T) => work() };
    const answer = await route?.handle(asked as unknown as RouteRequest);
    return answer !== undefined && 'revalidation' in answer;
  };
  expect([await isKept(service), await isKept(newId())]).toEqual([true, false]);
});
