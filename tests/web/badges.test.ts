// Badges: the status of an organisation or of a service, as a picture and as JSON for pages of other sites.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SaxesParser } from 'saxes';
import { v7 as newId } from 'uuid';
import { BADGE_COLOURS, FRAME_COLOURS } from '../../src/web/badge/colours.ts';
import { addOrganization, startOwned } from '../support/accounts.ts';
import { ROOT } from '../support/root.ts';

let app: Awaited<ReturnType<typeof startOwned>>;
let service: string;
let hidden: string;

const NAME = 'Files & <Mail> "\ufffe"';

beforeAll(async () => {
  app = await startOwned();
  service = await addService('default', NAME);
  await addService('default', 'Search');
  await addOrganization(app, 'acme', { owner: app.owner, visibility: 'public' });
  await addOrganization(app, 'closed', { owner: app.owner, visibility: 'private' });
  hidden = await addService('closed', 'Secret');
});
afterAll(() => app.close());

async function addService(organizationId: string, name: string): Promise<string> {
  const json = { name, description: 'x', organizationId, startDate: '2026-01-01T00:00:00Z' };
  const response = await app.request('/api/services', { json, headers: app.owner.headers });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

async function report(status: string): Promise<void> {
  const sent = { method: 'PUT', json: { status }, headers: app.owner.headers };
  expect((await app.request(`/api/services/${service}`, sent)).status).toBe(200);
}

/** The texts of a picture by their class, and its title. Throws if it is no XML. */
function textsIn(svg: string): Record<string, string> {
  const texts: Record<string, string> = {};
  let open = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    open = attributes.class ?? name;
  });
  parser.on('text', (text) => {
    if (text !== '') texts[open] = (texts[open] ?? '') + text;
  });
  parser.write(svg).close();
  return texts;
}

const HEADERS = ['Content-Type', 'Cache-Control', 'Cross-Origin-Resource-Policy', 'Access-Control-Allow-Origin'];

describe('a picture', () => {
  test('says the name and the status, and may be shown and kept for half a minute', async () => {
    const response = await app.request('/badge.svg');
    expect(response.status).toBe(200);
    expect(HEADERS.map((name) => response.headers.get(name))).toEqual([
      ...['image/svg+xml; charset=utf-8', 'max-age=30', 'cross-origin', '*'],
    ]);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get('Content-Security-Policy')).toContain('sandbox');
    const svg = await response.text();
    expect(svg).toMatch(/^<svg [^>]*height="20"[^>]*role="img"/);
    expect(textsIn(svg)).toMatchObject({ name: 'Status', word: 'Operational', title: 'Status: Operational' });
    const again = await app.request('/badge.svg', { headers: { 'If-None-Match': response.headers.get('ETag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('is another one as soon as the status is, in a word and in full', async () => {
    await report('degraded');
    const texts = textsIn(await (await app.request('/badge.svg')).text());
    expect(texts).toMatchObject({ word: 'Degraded', title: 'Status: Files & <Mail> "\ufffd" is degraded' });
    const german = textsIn(await (await app.request(`/badge/${service}.svg?lang=de`)).text());
    expect(german).toMatchObject({ name: 'Files & <Mail> "\ufffd"', word: 'Beeinträchtigt' });
    await report('operational');
  });

  test('of a service can say its uptime', async () => {
    const texts = textsIn(await (await app.request(`/badge/${service.toUpperCase()}.svg?uptime=90`)).text());
    expect(texts.word).toMatch(/^Operational · \d+(\.\d+)?\u00a0%$/);
    const settings = { method: 'PUT', json: { showUptime: false }, headers: app.owner.headers };
    expect((await app.request('/api/page/settings', settings)).status).toBe(200);
    expect(textsIn(await (await app.request(`/badge/${service}.svg?uptime=90`)).text()).word).toBe('Operational');
  });

  test('has the colours of one theme, or of both', async () => {
    const { light, dark } = BADGE_COLOURS.operational;
    const colours = async (query: string) => {
      const svg = await (await app.request(`/badge.svg${query}`)).text();
      return [svg.includes(light.text), svg.includes(dark.text), svg.includes('prefers-color-scheme')];
    };
    expect(await colours('')).toEqual([true, true, true]);
    expect(await colours('?theme=auto')).toEqual([true, true, true]);
    expect(await colours('?theme=light')).toEqual([true, false, false]);
    expect(await colours('?theme=dark&style=pill')).toEqual([false, true, false]);
    expect((await app.request('/badge.svg?theme=blue')).status).toBe(400);
  });

  test('of an organisation without services says that there is nothing to say', async () => {
    expect(textsIn(await (await app.request('/status/acme/badge.svg')).text())).toMatchObject({ word: 'No data' });
  });
});

test('as JSON it is what shields.io takes, and nothing more', async () => {
  await report('major');
  const response = await app.request(`/badge/${service}.json`);
  expect(HEADERS.map((name) => response.headers.get(name))).toEqual([
    ...['application/json; charset=utf-8', 'max-age=30', 'cross-origin', '*'],
  ]);
  expect(await response.json()).toEqual({ schemaVersion: 1, label: NAME, message: 'Down', color: '#8f0d2c' });
  expect(await (await app.request('/badge.json')).json()).toMatchObject({ message: `${NAME} is down` });
  await report('operational');
});

describe('what is not there has a grey badge', () => {
  const unknown = async (path: string) => {
    const response = await app.request(path);
    const headers = [...response.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    return { status: response.status, headers, body: await response.text() };
  };

  test.each(['svg', 'json'])('as %s, the same for what is private', async (extension) => {
    const nothing = await unknown(`/status/nowhere/badge.${extension}`);
    expect(nothing.status).toBe(404);
    expect(nothing.headers).toEqual(expect.arrayContaining([['cross-origin-resource-policy', 'cross-origin']]));
    expect(nothing.body).toContain('Unknown');
    for (const path of [
      '/status/closed/badge',
      `/badge/${hidden}`,
      `/badge/${newId()}`,
      '/badge/x',
      `/status/closed/badge/${hidden}`,
      `/status/acme/badge/${service}`,
    ]) {
      expect(await unknown(`${path}.${extension}`)).toEqual(nothing);
    }
  });

  test('and is that of members for members', async () => {
    const response = await app.request(`/badge/${hidden}.svg`, { headers: app.owner.headers });
    expect([response.status, response.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    expect(textsIn(await response.text()).name).toBe('Secret');
  });
});

test('a former address leads on', async () => {
  const response = await app.request(`/status/default/badge/${service}.svg?style=pill`, { redirect: 'manual' });
  expect(response.status).toBe(302);
  expect(response.headers.get('Location')).toBe(`/badge/${service}.svg?style=pill`);
  expect(response.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
});

test.each(['%0d%0aA:b', '\u6f22', '%00', '..%2f'])('also of a service whose id is %s', async (id) => {
  for (const path of [`badge/${id}.svg`, `embed/${encodeURIComponent(decodeURIComponent(id).toLowerCase())}`]) {
    const response = await app.request(`/status/default/${path}`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(response.headers.get('Location')).toMatch(/^\/(badge|embed)\/[\w%.]+$/);
  }
});

test('its colours are those of the pages', () => {
  const tokens = readFileSync(new URL('../../src/web/styles/tokens.css', ROOT), 'utf8');
  const pair = (name: string) => new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens)?.slice(1);
  for (const [shape, { light, dark }] of Object.entries(BADGE_COLOURS)) {
    expect(pair(shape)).toEqual([light.text, dark.text]);
    expect(pair(`${shape}-bar`)).toEqual([light.mark, dark.mark]);
    expect(pair(`${shape}-tint`)).toEqual([light.tint, dark.tint]);
  }
  const { light, dark } = FRAME_COLOURS;
  for (const name of ['ink', 'surface', 'edge'] as const) expect(pair(name)).toEqual([light[name], dark[name]]);
});
