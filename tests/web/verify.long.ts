// The check of the record in a real browser: of a stranger, over plain http, and of exports that somebody has changed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Route } from 'playwright-core';
import { launchBrowser, newContext, newPage, noBrowser, renew, type WatchedPage } from '../examples/browser.ts';
import { addOrganization, happen, startOwned } from '../support/accounts.ts';
import { describeNeeding } from '../support/needs.ts';
import { axeFaults, lookFaults } from './page-faults.ts';

/** A name that leads to this machine, and of which browsers do not know that: a page of it is in no secure context. */
const INSECURE = 'status.test';
const EXPORT = '**/api/events/export*';

describeNeeding(noBrowser, 'the check of the record', tests);

function tests(): void {
  let browser: Browser;
  let app: Awaited<ReturnType<typeof startOwned>>;
  let page: WatchedPage;

  beforeAll(async () => {
    browser = await launchBrowser([`--host-resolver-rules=MAP ${INSECURE} 127.0.0.1`]);
    page = await newPage(await newContext(browser));
    app = await startOwned();
    for (let number = 1; number <= 30; number += 1) await addService(`Service ${number}`);
    const [leak] = await linesWith('Service 7');
    const json = { reason: 'A leak' };
    await app.request(`/api/events/${leak?.position}/redaction`, { headers: app.owner.headers, json });
  });
  afterAll(async () => {
    await browser?.close();
    app?.server.closeAllConnections();
    await app?.close();
  });
  beforeEach(() => renew(page));

  const addService = async (name: string) => {
    const response = await app.request('/api/services', {
      headers: app.owner.headers,
      json: { name, description: 'It helps' },
    });
    expect(response.status).toBe(201);
  };

  /** What a stranger is given. */
  const exported = async () => {
    const text = await (await app.request('/api/events/export?organizationId=default')).text();
    return text.split(/(?<=\n)/);
  };
  const linesWith = async (text: string) =>
    (await exported()).filter((line) => line.includes(text)).map((line) => JSON.parse(line) as { position: number });

  const open = async (path = '/verify', origin = app.url) => {
    await page.goto(origin + path);
    await page.locator('.check button').waitFor();
  };
  /** Checks, and resolves with what is said: the verdict, and the rest line by line. */
  const check = async () => {
    await page.locator('.check button').click();
    await page.locator('.verdict:not(:empty)').waitFor();
    return {
      verdict: await page.locator('.verdict').innerText(),
      more: await page.locator('.found li').allInnerTexts(),
    };
  };
  /** In place of what the server sends. */
  const send = (change: (lines: readonly string[]) => readonly string[]) =>
    page.route(EXPORT, async (route) => {
      const body = change(await exported()).join('');
      await route.fulfill({ contentType: 'application/x-ndjson', body });
    });

  test('a sound one fits, without https, and says what is hidden and what was taken out', async () => {
    const { length } = await exported();
    await open('/verify', app.url.replace('127.0.0.1', INSECURE));
    expect(await page.evaluate(() => [isSecureContext, typeof crypto.subtle])).toEqual([false, 'undefined']);
    const { verdict, more } = await check();
    expect(verdict).toBe(`Everything fits: ${length} records checked, and nothing was changed.`);
    expect(more).toEqual([
      expect.stringMatching(/^Record \d+ is in it, with the hash that you have\.$/),
      expect.stringMatching(/^The record ends with record \d+, hash [0-9a-f]{64}\.$/),
      expect.stringMatching(/^\d+ records? (is|are) for members/),
      'Words were taken out of 1 record, and another record says so.',
    ]);
    expect(await page.locator('.check button').innerText()).toBe('Check again');
    expect([...(await axeFaults(page)), ...(await lookFaults(page))]).toEqual([]);
  });

  test('a byte that was changed is named with its record', async () => {
    const [{ position } = { position: 0 }] = await linesWith('Service 12');
    await send((lines) => lines.map((line) => line.replace('Service 12', 'Service 13')));
    await open();
    expect(await check()).toMatchObject({
      verdict: 'Something does not fit: 1 fault.',
      more: [expect.stringMatching(`^Record ${position}: Its hash does not fit`), expect.anything(), expect.anything()],
    });
    expect([...(await axeFaults(page)), ...(await lookFaults(page)), ...page.complaints]).toEqual([]);
  });

  test('it is named in German, too', async () => {
    const [{ position } = { position: 0 }] = await linesWith('Service 12');
    await send((lines) => lines.filter((line) => !line.includes('Service 11')));
    await open('/verify?lang=de');
    const { verdict, more } = await check();
    expect(verdict).toBe('Etwas passt nicht: 1 Fehler.');
    expect(more[0]).toMatch(`Eintrag ${position}: Seine Prüfsumme passt nicht`);
  });

  test('a record without digests is said to be none that a stranger can check', async () => {
    await send((lines) =>
      lines.map((line) => {
        const { textDigest, metaDigest: _, ...rest } = JSON.parse(line);
        return rest.text && textDigest ? `${JSON.stringify({ ...rest, withheld: true })}\n` : line;
      }),
    );
    await open();
    const { verdict, more } = await check();
    expect(verdict).toMatch('Everything fits');
    expect(more).toContain('1 old record whose words were taken out cannot be checked without membership.');
  });

  test('an end that is missing shows by the head of the page', async () => {
    await send((lines) => lines.slice(0, 5));
    await open();
    const { verdict, more } = await check();
    expect(verdict).toBe('Something does not fit: 1 fault.');
    expect(more[0]).toMatch(/^Record \d+: It is not there: the export ends with record 5\.$/);
  });

  test('very many faults are listed in part, and all counted', async () => {
    await send((lines) => lines.map((line) => line.replace('"hash":"', '"hash":"!')));
    await open();
    const { verdict, more } = await check();
    const { length } = await exported();
    expect(verdict).toBe(`Something does not fit: ${length + 1} faults.`);
    expect(more[0]).toBe('Line 1 of the export is not a record.');
    expect([more.length, more[20]]).toEqual([21, `and ${length + 1 - 20} more faults`]);
  });

  describe('a head that the reader brings', () => {
    // Another fragment of the page that it shows already would not make the browser load that.
    beforeEach(() => page.goto(`${app.url}/robots.txt`));

    test('comes from the foot of any page, also of an earlier moment', async () => {
      await page.goto(`${app.url}/?position=10`);
      const head = JSON.parse((await exported()).find((line) => line.includes('"position":10,')) ?? '{}');
      expect(await page.locator('.proof').innerText()).toMatch(`record 10, hash ${head.hash.slice(0, 8)}…`);
      await page.locator('.proof a').click();
      await page.locator('.check button').waitFor();
      expect(await page.locator('#noted').inputValue()).toBe(`10:${head.hash}`);
      expect((await check()).more).toContain('Record 10 is in it, with the hash that you have.');
    });

    test('must have the same hash', async () => {
      await open(`/verify#10:${'0'.repeat(64)}`);
      const { more } = await check();
      expect(more[0]).toBe(`Record 10: Its hash is another one than ${'0'.repeat(64)}.`);
    });

    test.each(['#%', '#10:abc'])('may be none: %s', async (fragment) => {
      await open(`/verify${fragment}`);
      expect(await page.locator('#noted').inputValue()).toBe('');
      expect((await check()).verdict).toMatch('fits');
    });

    test('must be one', async () => {
      await open();
      await page.locator('#noted').fill('10');
      expect((await check()).verdict).toMatch('This is not a record and its hash.');
      expect(await axeFaults(page)).toEqual([]);
    });
  });

  describe('a check that does not come to its end', () => {
    const answer = (route: Route, status: number) =>
      route.fulfill({ status, headers: { 'Retry-After': '7' }, body: '{}' });

    test.each([429, 503])('is told where the server is busy: %d', async (status) => {
      await page.route(EXPORT, (route) => answer(route, status));
      await open();
      expect((await check()).verdict).toBe('The server is busy. Please check again in 7 seconds.');
    });

    test('is told where something else answers', async () => {
      await page.route(EXPORT, (route) => route.fulfill({ contentType: 'text/html', body: 'Please sign in' }));
      await open();
      expect((await check()).verdict).toBe('The public record did not come. Please check again later.');
    });

    test('is told where nothing answers', async () => {
      await page.route(EXPORT, (route) => route.abort());
      await open();
      expect((await check()).verdict).toMatch('The connection broke after 0 records.');
    });
  });

  describe('of a long record', () => {
    const EVENTS = 20_000;
    let names: string[];
    beforeAll(async () => {
      names = Array.from({ length: 2_000 }, (_, index) => `Name ${index}`);
      await addOrganization(app, 'long', { owner: app.owner, visibility: 'public' });
      for (let round = 0; round < EVENTS / names.length; round += 1) {
        await happen(
          app,
          'long',
          names.map((name) => ({ type: 'organization.renamed', organizationId: 'long', data: { name } })),
        );
      }
    });

    test('the page answers meanwhile, the check can be stopped, and says how far it has come', async () => {
      await open('/status/long/verify');
      await page.evaluate(() => {
        let last = performance.now();
        const look = () => {
          const longest = Number(document.body.dataset.longest ?? 0);
          document.body.dataset.longest = String(Math.max(longest, performance.now() - last));
          last = performance.now();
          setTimeout(look);
        };
        look();
      });
      await page.locator('.check button').click();
      await page.locator('.so-far', { hasText: /[1-9]\d* records checked/ }).waitFor();
      expect(await page.locator('.check button').innerText()).toBe('Stop');
      expect(await page.locator('progress').getAttribute('max')).toBe(String(app.log.position));
      await page.locator('.check button').click();
      await page.locator('.verdict', { hasText: 'Stopped after' }).waitFor();
      expect(await page.locator('.verdict').innerText()).toMatch('Up to there everything fits.');
      expect((await check()).verdict).toMatch(/^Everything fits: 20.0\d\d records checked/);
      expect(Number(await page.locator('body').getAttribute('data-longest'))).toBeLessThan(500);
    });

    test('what comes while it is checked is left for another time', async () => {
      await open('/status/long/verify');
      await page.locator('.check button').click();
      await happen(app, 'long', [{ type: 'organization.renamed', organizationId: 'long', data: { name: 'Later' } }]);
      await page.locator('.verdict:not(:empty)').waitFor();
      expect(await page.locator('.verdict').innerText()).toMatch('Everything fits');
    });
  });
}
