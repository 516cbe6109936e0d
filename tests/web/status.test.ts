// The status page, as a client without scripts gets it.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startOwned } from '../support/accounts.ts';
import { type Asked, addServices, ask, createService } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const NOW = '2026-11-29T10:42:30.000Z';

let app: StartedApp;
let now = NOW;
beforeAll(async () => {
  app = await startApp({ SAMPLE_DATA: 'true' }, { now: () => new Date(now) });
});
afterAll(() => app.close());

const page = async (path = '/', headers: Record<string, string> = {}) => ask(app, path, { headers });
const post = (path: string, body: object) => ask(app, path, { method: 'POST', json: body });

interface Shown {
  /** Only a maintenance was planned to start. */
  readonly past: readonly { readonly id: string; readonly startsAt?: string }[];
}

describe('the page', () => {
  test('has the answer, every service with its state and uptime, and every open incident with all its updates', async () => {
    const { text } = await page();
    const { text: json } = await ask(app, '/api/page');
    const { headline, services, incidents } = JSON.parse(json);
    expect(text).toContain(`<h1 id="headline">${headline.text}</h1>`);
    for (const { name, id, uptime90 } of services) {
      const [, row = ''] = text.split(`<li class="service" id="service-${id}">`);
      expect(row).toContain(name);
      expect(row).toContain(`${uptime90}\u00a0%`);
    }
    for (const { title, updates } of incidents) {
      for (const words of [title, ...updates.map(({ message }: { message: string }) => message)]) {
        expect(text).toContain(words);
      }
    }
  });

  test('gives both ends of planned work, which the script puts into the zone of the reader', async () => {
    const { maintenances } = (await ask<{ maintenances: { startsAt: string; endsAt: string }[] }>(app, '/api/page'))
      .body;
    const [{ startsAt, endsAt } = { startsAt: '', endsAt: '' }] = maintenances;
    expect((await page()).text).toContain(`<time datetime="${startsAt}" data-to="${endsAt}" data-format="range">`);
  });

  test('says until when it holds, and which events it knows', async () => {
    const { text } = await page();
    const { position } = (await ask<{ position: number }>(app, '/api/page')).body;
    expect(text).toContain(`data-position="${position}"`);
    expect(text).toMatch(/data-until="2026-11-29T10:43:00.000Z"/);
  });

  test('speaks the language and shows the theme that its reader has chosen', async () => {
    const { text } = await page('/', { Cookie: 'lang=de; theme=dark' });
    expect(text).toMatch(/<html lang="de" dir="ltr" data-theme="dark">/);
    expect(text).toContain('Dienste');
  });

  test('marks a text that is in another language than the page', async () => {
    const { text } = await page('/?lang=de');
    expect(text).toMatch(/<span lang="en">Platform<\/span>/);
    expect((await page()).text).not.toContain('lang="en">Platform');
  });

  test('calls no day quiet on which something went on', async () => {
    const { text } = await page();
    expect(text).toMatch(/<h3>26 to 28 November/);
    expect(text).not.toMatch(/<h3>[^<]*29 November/);
    const { body } = await ask<{ id: string }>(app, '/api/incidents', {
      json: { title: 'Slow mail', description: 'Mail is late', startedAt: '2026-11-27T22:00:00Z' },
    });
    expect((await page()).text).toMatch(/<h3>Thursday 26 November<\/h3>/);
    await post(`/api/incidents/${body.id}/updates`, { status: 'resolved', message: 'It is on time' });
    const { text: after } = await page();
    expect(after).toMatch(/<h3>Sunday 29 November<\/h3>.*Slow mail.*<h3>Thursday 26 November<\/h3>/s);
    expect(after).not.toMatch(/<h3>[^<]*28 November/);
    await ask(app, `/api/incidents/${body.id}`, { method: 'DELETE' });
  });

  test('names services below as above: in the language of the reader, and as they are called now', async () => {
    const { id } = await createService(app, { name: 'Queue', translations: { de: { name: 'Schlange' } } });
    const affected = { description: 'Slow', affectedServices: [id] };
    const began = { startedAt: '2026-11-28T09:00:00Z', resolvedAt: '2026-11-28T10:00:00Z' };
    const incident = await ask<{ id: string }>(app, '/api/incidents', {
      json: { ...affected, title: 'Full queue', ...began },
    });
    const plan = await ask<{ id: string }>(app, '/api/maintenances', {
      json: { ...affected, title: 'More room', startsAt: '2026-12-02T09:00:00Z', endsAt: '2026-12-02T10:00:00Z' },
    });
    const { text } = await page('/?lang=de');
    expect(text).toMatch(/Full queue.*?Behoben nach 1\u00a0h · Schlange</s);
    expect(text).toMatch(/More room.*?· Schlange ·/s);
    expect((await page()).text).not.toContain('0 updates');
    await ask(app, `/api/incidents/${incident.body.id}`, { method: 'DELETE' });
    await ask(app, `/api/maintenances/${plan.body.id}`, { method: 'DELETE' });
    await ask(app, `/api/services/${id}`, { method: 'DELETE' });
  });

  test('names of a series the next occurrence alone', async () => {
    const times = { startsAt: '2026-12-01T02:30:00', endsAt: '2026-12-01T03:00:00', timeZone: 'UTC' };
    const { body } = await ask<{ seriesId: string }>(app, '/api/maintenances', {
      json: { title: 'Weekly restart', description: 'Short', ...times, recurrence: 'FREQ=WEEKLY' },
    });
    for (const path of ['/', '/embed']) expect((await page(path)).text.match(/>Weekly restart</g)).toHaveLength(1);
    await ask(app, `/api/maintenance-series/${body.seriesId}`, { method: 'DELETE' });
  });

  test('waits for no update of a maintenance that is over', async () => {
    const { body } = await ask<Shown>(app, '/api/page');
    const over = body.past.find(({ startsAt }) => startsAt !== undefined);
    const { text } = await page(`/maintenance/${over?.id}`);
    expect(text).toContain('Completed in 1\u00a0h, as planned');
    expect(text).not.toContain('No update yet.');
  });

  test('leaves the top an hour after an incident was resolved', async () => {
    const { text: opened } = await post('/api/incidents', { title: 'Slow search', description: 'Answers take long' });
    const { id } = JSON.parse(opened);
    await post(`/api/incidents/${id}/updates`, { status: 'resolved', message: 'Fast again' });
    const top = `id="incident-${id}"`;
    expect((await page()).text).toContain(top);
    now = '2026-11-29T11:42:31.000Z';
    expect((await page()).text).not.toContain(top);
    now = NOW;
  });

  test('tells of what is too much by a link', async () => {
    const { body } = await ask<{ id: string }>(app, '/api/incidents', {
      json: { title: 'Long', description: 'A tale' },
    });
    for (let part = 1; part <= 23; part += 1) {
      await post(`/api/incidents/${body.id}/updates`, { status: 'identified', message: `Part ${part} of the tale` });
    }
    const { text } = await page();
    expect(text).toContain(`<a href="/incidents/${body.id}">2 earlier updates</a>`);
    expect(text.match(/Part \d+ of the tale/g)).toHaveLength(21);
    await ask(app, `/api/incidents/${body.id}`, { method: 'DELETE' });
  });

  test('says what was said at an earlier moment, and can be taken for nothing else', async () => {
    const { position } = app.log;
    await post('/api/services', { name: 'Search', description: 'Finds things' });
    const { text, headers } = await page(`/?position=${position}`);
    expect(text).not.toContain('Finds things');
    expect(text).toContain('class="time-bar"');
    expect(text).not.toContain('data-live');
    expect(headers.get('Cache-Control')).toBe('private, max-age=300');
    expect(text).toMatch(new RegExp(`href="/history\\?position=${position}"`));
  });

  test('counts no time beyond the moment of which it speaks', async () => {
    const { body } = await ask<{ id: string }>(app, '/api/incidents', {
      json: {
        title: 'Old trouble',
        description: 'It was slow',
        startedAt: '2026-11-29T09:42:30Z',
        nextUpdateBy: '2026-11-29T11:00:00Z',
      },
    });
    const ticking = /data-(lasts|ago|due)=/;
    expect((await page()).text).toMatch(ticking);
    for (const path of ['/', `/incidents/${body.id}`]) {
      const { text } = await page(`${path}?position=${app.log.position}`);
      expect(text).not.toMatch(ticking);
      expect(text).toMatch(/Going on.{0,40}1\u00a0h/s);
    }
    await ask(app, `/api/incidents/${body.id}`, { method: 'DELETE' });
  });

  test('says what the organisation says of itself in the answer', async () => {
    const settings = (description: string) => ask(app, '/api/page/settings', { method: 'PUT', json: { description } });
    await settings('What we run:\n\n* Search');
    expect((await page()).text).toMatch(/id="answer".*class="about prose".*>Search<.*<main/s);
    await settings('');
  });

  test('names the year of a moment that could be of another one', async () => {
    const bar = (text: string) => text.slice(text.indexOf('class="time-bar"'), text.indexOf('class="band'));
    expect(bar((await page('/?at=2026-11-29T09:00:00Z')).text)).toContain('>29 Nov 2026, 09:00 UTC<');
    const { body } = await ask<{ id: string }>(app, '/api/incidents', {
      json: {
        title: 'Long ago',
        description: 'It was slow',
        startedAt: '2024-11-29T09:00:00Z',
        resolvedAt: '2024-11-29T10:00:00Z',
      },
    });
    const { text } = await page(`/incidents/${body.id}`);
    expect(text).toContain('data-format="fullMoment">29 Nov 2024, 09:00 UTC<');
    await ask(app, `/api/incidents/${body.id}`, { method: 'DELETE' });
  });

  test('takes a wall clock of the organisation for a moment', async () => {
    const { etag } = await page('/?position=1');
    const settings = { method: 'PUT', json: { timeZone: 'Europe/Berlin' } };
    await ask(app, '/api/page/settings', settings);
    expect((await page('/?position=1', { 'If-None-Match': etag })).status).toBe(200);
    const { text } = await page('/?at=2026-11-29T09:00');
    expect(text).toContain('<time datetime="2026-11-29T08:00:00.000Z"');
    for (const none of ['2026-11-29T25:00', '2026-02-31T10:00']) expect((await page(`/?at=${none}`)).status).toBe(400);
  });
});

test('a page of 200 services has at most 40 kB, compressed', async () => {
  let time = '2026-09-01T00:00:00.000Z';
  const large = await startApp({}, { now: () => new Date(time) });
  try {
    await addServices(large, 200, 'What it does for people');
    const { body } = await ask<{ id: string }[]>(large, '/api/services?limit=200');
    time = NOW;
    for (const [index, hours] of [50, 500, 1_000].entries()) {
      const impacts = Object.fromEntries(body.slice(50 * index, 50 * index + 100).map(({ id }) => [id, 'partial']));
      const at = (back: number) => new Date(Date.parse(NOW) - back * 3_600_000).toISOString();
      await ask(large, '/api/incidents', {
        json: {
          title: 'Trouble',
          description: 'Answers fail',
          impacts,
          startedAt: at(hours),
          resolvedAt: at(hours - 2),
        },
      });
    }
    const { text } = await ask(large, '/');
    // A day of each service that an incident names, and the one of the legend.
    expect(text.match(/<i class="p">/g)).toHaveLength(3 * 100 + 1);
    expect(gzipSync(text).length).toBeLessThan(40_000);
  } finally {
    await large.close();
  }
});

test('a page of many services is kept too, until something happens', async () => {
  let time = NOW;
  const large = await startApp({}, { now: () => new Date(time) });
  try {
    await addServices(large, 201);
    const { text, etag } = await ask(large, '/');
    time = '2026-11-29T10:45:30.000Z';
    expect((await ask(large, '/')).etag).toBe(etag);
    await createService(large, { name: 'The latest' });
    expect(text).not.toContain('The latest');
    expect((await ask(large, '/')).text).toContain('The latest');
  } finally {
    await large.close();
  }
});

describe('the address of an organisation', () => {
  test('leads to / for the default one', async () => {
    const { status, headers } = await app.request('/status/default', { redirect: 'manual' });
    expect([status, headers.get('Location')]).toEqual([302, '/']);
    const german = await app.request('/status/default?lang=de&wall=1', { redirect: 'manual' });
    expect(german.headers.get('Location')).toBe('/?lang=de&wall=1');
  });

  test('is not found for what does not exist', async () => {
    expect((await page('/status/nobody')).status).toBe(404);
  });
});

describe('where people sign in', () => {
  let owned: Awaited<ReturnType<typeof startOwned>>;
  beforeAll(async () => {
    owned = await startOwned();
  });
  afterAll(() => owned.close());

  const as = (path: string, asked: Asked = {}) => ask(owned, path, { ...asked, headers: owned.owner.headers });
  const found = async (json: object) => (await as('/api/organizations', { json })).body as { id: string; slug: string };
  const goTo = async (path: string) => {
    const { status, headers } = await owned.request(path, { redirect: 'manual' });
    return [status, headers.get('Location')];
  };

  test('a former slug leads to the present one while everyone may see the organisation', async () => {
    const { id } = await found({ name: 'Acme', slug: 'acme', visibility: 'public' });
    await as(`/api/organizations/${id}`, { method: 'PUT', json: { slug: 'acme-cloud' } });
    expect(await goTo('/status/acme')).toEqual([302, '/status/acme-cloud']);
    expect(await goTo(`/status/${id}`)).toEqual([200, null]);
    await as(`/api/organizations/${id}`, { method: 'PUT', json: { visibility: 'private' } });
    expect(await goTo('/status/acme')).toEqual([404, null]);
    expect(await goTo('/status/acme-cloud')).toEqual([404, null]);
  });

  test('what was kept at an address is not sent there once it leads on, or belongs to another organisation', async () => {
    const { id } = await found({ name: 'Gamma', slug: 'gamma', visibility: 'public' });
    const paths = ['', '/history', '/subscribe', '/sitemap.xml', '/feed.atom', '/maintenance.ics'].map(
      (below) => `/status/gamma${below}`,
    );
    for (const path of paths) expect(await goTo(path)).toEqual([200, null]);
    await as(`/api/organizations/${id}`, { method: 'PUT', json: { slug: 'gamma-cloud' } });
    expect(await goTo('/status/gamma')).toEqual([302, '/status/gamma-cloud']);
    for (const below of ['/history', '/subscribe', '/sitemap.xml', '/feed.atom', '/maintenance.ics']) {
      expect(await goTo(`/status/gamma${below}`)).toEqual([302, `/status/gamma-cloud${below}`]);
    }
    await found({ name: 'Other', slug: 'gamma', visibility: 'public' });
    for (const path of paths.slice(0, 2)) expect((await ask(owned, path)).text).toContain('Other status');
    expect((await ask(owned, '/status/gamma/sitemap.xml')).text).toContain('/status/gamma</loc>');
  });

  test('a private default leaves a list of the public pages at /', async () => {
    await found({ name: 'Beta', slug: 'beta', visibility: 'public' });
    await as('/api/organizations/default', { method: 'PUT', json: { visibility: 'private' } });
    const { text } = await ask(owned, '/');
    expect(text).toContain('<a href="/status/beta">Beta</a>');
    expect(text).toContain('href="/sign-in"');
    expect(text).not.toContain('default');
    expect((await as('/')).text).toContain('<h1 id="headline">');
  });
});
