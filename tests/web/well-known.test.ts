// The files that browsers, search engines and people who found a vulnerability ask every server for.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type StartedApp, startApp } from '../support/start-app.ts';

let plain: StartedApp;
let configured: StartedApp;
let now = new Date('2026-03-01T22:15:00Z');

beforeAll(async () => {
  plain = await startApp();
  const environment = { PUBLIC_URL: 'https://status.example.org', SECURITY_CONTACT: 'mailto:security@example.org' };
  configured = await startApp(environment, { now: () => now });
});
afterAll(async () => {
  await plain.close();
  await configured.close();
});

const SECURITY = '/.well-known/security.txt';

test('robots are told what to read, and where the map is', async () => {
  const response = await configured.request('/robots.txt');
  expect(await response.text()).toBe(
    'User-agent: *\nDisallow: /api\nDisallow: /console\nDisallow: /preferences\n\nSitemap: https://status.example.org/sitemap.xml\n',
  );
});

test('there is an icon for pages that name none', async () => {
  const response = await plain.request('/favicon.ico');
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'image/x-icon']);
  expect(Buffer.from(await response.arrayBuffer()).readUInt16LE(2)).toBe(1);
});

test('who reports a vulnerability is told where', async () => {
  const response = await configured.request(SECURITY);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(await response.text()).toBe(
    [
      'Contact: mailto:security@example.org',
      'Expires: 2027-02-28T00:00:00.000Z',
      'Canonical: https://status.example.org/.well-known/security.txt',
      '',
    ].join('\n'),
  );
});

test('the file is the same all day, and never runs out', async () => {
  const tag = async () => (await configured.request(SECURITY)).headers.get('ETag');
  const first = await tag();
  now = new Date('2026-03-01T23:59:59Z');
  expect(await tag()).toBe(first);
  now = new Date('2028-07-01T00:00:00Z');
  expect(await (await configured.request(SECURITY)).text()).toContain('Expires: 2029-06-30T00:00:00.000Z');
});

test('without a contact there is no such file, and without https no canonical one', async () => {
  expect((await plain.request(SECURITY)).status).toBe(404);
  const local = await startApp({ SECURITY_CONTACT: 'https://example.org/report' });
  try {
    expect(await (await local.request(SECURITY)).text()).toMatch(
      /^Contact: https:\/\/example\.org\/report\nExpires: .*\n$/,
    );
  } finally {
    await local.close();
  }
});
