// Every page: nothing written into it runs, and it comes with a policy that would not let it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { launchBrowser, newContext, newPage, noBrowser } from '../examples/browser.ts';
import { describeNeeding } from '../support/needs.ts';
import { ask } from '../support/rest.ts';
import { longTest } from '../support/size.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;
beforeAll(async () => {
  app = await startApp();
  for (const [kind, body] of Object.entries(THINGS)) {
    ids.set(kind, (await ask<{ id: string }>(app, `/api/${kind}`, { json: body })).body.id);
  }
});
afterAll(() => app.close());

/** One of each kind that has a page of its own. */
const THINGS = {
  services: { name: 'Search', description: 'Finds things' },
  incidents: { title: 'Slow search', description: 'Answers take **long**', impact: 'minor' },
  maintenances: {
    title: 'New index',
    description: 'Search may be slow.',
    startsAt: '2099-01-01T00:00:00Z',
    endsAt: '2099-01-01T01:00:00Z',
    affectedServices: [],
  },
};
const ids = new Map<string, string>();

/** A page of each row that serves pages; a new row with parameters needs its own line. */
const PAGES: Readonly<Record<string, string>> = {
  '/': '/',
  '/status/{page}': '/status/default',
  '/history': '/history',
  '/status/{page}/history': '/status/default/history',
  '/maintenance': '/maintenance',
  '/status/{page}/maintenance': '/status/default/maintenance',
  '/uptime': '/uptime',
  '/status/{page}/uptime': '/status/default/uptime',
  '/subscribe': '/subscribe',
  '/status/{page}/subscribe': '/status/default/subscribe',
  '/embed': '/embed',
  '/embed/{serviceId}': '/embed/{services}',
  '/status/{page}/embed': '/status/default/embed',
  '/status/{page}/embed/{serviceId}': '/status/default/embed/{services}',
  '/verify': '/verify',
  '/status/{page}/verify': '/status/default/verify',
  '/incidents/{id}': '/incidents/{incidents}',
  '/maintenance/{id}': '/maintenance/{maintenances}',
  '/services/{id}': '/services/{services}',
  '/api/docs': '/api/docs',
  '/examples/{asset}': '/examples/websocket-client.html',
};

test('these are all', () => {
  const rows = app.routes.filter(({ success }) => success.mediaType === 'text/html').map(({ path }) => path);
  expect(rows.sort()).toEqual(Object.keys(PAGES).sort());
});

/** A page of readers loads nothing but what stands beside it, and can be in no frame. */
const STRICT = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'require-trusted-types-for': ["'script'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
};

const USUAL = {
  'default-src': ["'self'"],
  'base-uri': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'script-src-attr': ["'none'"],
  'style-src': ["'self'"],
};

describe.each(Object.entries(PAGES))('%s', (row, address) => {
  const pathOf = () => address.replace(/\{(\w+)\}/, (_, kind) => ids.get(kind) ?? '');

  test('has no script, handler or style written into it', async () => {
    const { status, text } = await ask(app, pathOf());
    expect([status, text]).toEqual([200, expect.stringMatching(/<!doctype html>/i)]);
    for (const [script, content] of text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/gi)) {
      expect([script, content]).toEqual([expect.stringMatching(/ src="/), '']);
    }
    const tags = text.match(/<[a-z][^>]*>/gi) ?? [];
    expect(tags.length).toBeGreaterThan(5);
    expect(tags.filter((tag) => /<style|\s(on\w+|style)\s*=|javascript:/i.test(tag))).toEqual([]);
  });

  test('comes with a policy that allows none', async () => {
    const { headers } = await ask(app, pathOf());
    const policy = headers.get('Content-Security-Policy') ?? '';
    const directives = Object.fromEntries(
      policy.split(';').map((directive) => {
        const [name = '', ...sources] = directive.trim().split(' ');
        return [name, sources];
      }),
    );
    const { page, framed } = app.routes.find(({ path }) => path === row) ?? {};
    const ancestors = framed ? { 'frame-ancestors': ['*'] } : {};
    expect(directives).toEqual({ ...(page ? STRICT : USUAL), ...ancestors });
  });
});

describeNeeding(noBrowser, 'in a browser', () => {
  longTest('the documentation works under that policy', async () => {
    const browser = await launchBrowser();
    try {
      const page = await newPage(await newContext(browser));
      await page.goto(`${app.url}/api/docs`);
      await page.getByText('Get the overall status, derived from services, incidents and maintenances').click();
      await page.getByRole('button', { name: 'Try it out' }).click();
      await page.getByRole('button', { name: 'Execute' }).click();
      await page.getByRole('heading', { name: 'Server response' }).waitFor();
      expect(page.complaints).toEqual([]);
      expect([...page.origins]).toEqual([app.url]);
    } finally {
      await browser.close();
    }
  });
});
