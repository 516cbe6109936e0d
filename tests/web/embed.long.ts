// What other sites show, in a real browser: the frame and the element on pages of another origin, and the picture of a badge.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { BADGE_STYLES, badgePicture } from '../../src/web/badge/picture.tsx';
import { launchBrowser, newContext, newPage, noBrowser, renew, type WatchedPage } from '../examples/browser.ts';
import { send } from '../examples/send.ts';
import { describeNeeding } from '../support/needs.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { axeFaults, htmlFaults, lookFaults, overflows } from './page-faults.ts';
import { startInState } from './page-states.ts';

/** The policy of the page forbids a style sheet of others in its elements. */
const BACKGROUND = `
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':root { background: light-dark(#fff, #121212) }');
  document.adoptedStyleSheets.push(sheet);
`;

describeNeeding(noBrowser, 'on pages of other sites', tests);

/** What the pages of the other site are sent with, and the page itself, by path. */
interface Site {
  readonly policy?: string;
  readonly html: string;
}

function tests(): void {
  let browser: Browser;
  let context: BrowserContext;
  let page: WatchedPage;
  let app: StartedApp;
  let service: string;
  let site: Site = { html: '' };
  let host: Server;
  let hostUrl: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    context = await newContext(browser);
    page = await newPage(context);
    app = await startApp({ AUTH: 'open', ALLOW_OPEN: 'true' });
    service = await send(`${app.url}/api/services`, { name: 'Search', description: 'Finds' });
    await send(`${app.url}/api/services`, { name: 'Mail', description: 'Sends' });
    host = createServer((_request, response) => {
      const policy = site.policy === undefined ? {} : { 'Content-Security-Policy': site.policy };
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...policy }).end(site.html);
    });
    // Another host, so that the browser takes it for another site too.
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.2', resolve));
    hostUrl = `http://127.0.0.2:${(host.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await browser?.close();
    host.closeAllConnections();
    host.close();
    app.server.closeAllConnections();
    await app.close();
  });
  beforeEach(() => renew(page));

  const framing = (address: string, ...widths: readonly number[]): Site => ({
    html: `<!doctype html><title>Host</title>
      ${widths.map((width) => `<iframe src="${address}" width="${width}" height="200"></iframe>`).join('')}
      <script>
        heights = {};
        addEventListener('message', ({ data, source }) => {
          const frame = [...document.querySelectorAll('iframe')].find(({ contentWindow }) => contentWindow === source);
          if (data.type === 'plive:height') heights[frame.width] = data.height;
        });
      </script>`,
  });
  const report = (status: string) => send(`${app.url}/api/services/${service}`, { status }, 'PUT');

  describe('a frame', () => {
    test.each(['light', 'dark'])('shows the status %s in any width, and says how high it is', async (theme) => {
      const widths = [240, 320, 480];
      site = framing(`${app.url}/embed?theme=${theme}&lang=en`, ...widths);
      await page.goto(hostUrl);
      for (const width of widths) {
        const frame = page.frameLocator(`iframe[width="${width}"]`);
        await frame.getByText('Everything works').waitFor();
        await frame.getByText('Live', { exact: true }).waitFor();
        const height = await frame.locator('body').evaluate((body) => Math.ceil(body.getBoundingClientRect().height));
        await page.waitForFunction(`heights[${width}] === ${height}`);
        const [colours] = await frame
          .locator('body')
          .evaluateAll(([body]) => [
            [getComputedStyle(body as Element).backgroundColor, getComputedStyle(document.documentElement).colorScheme],
          ]);
        expect(colours).toEqual(['rgba(0, 0, 0, 0)', theme]);
      }
      expect(await context.cookies()).toEqual([]);
      expect(page.complaints).toEqual([]);
    });

    test.each(['in a page of another site', 'by itself'])('follows what happens, %s', async (where) => {
      const isFramed = where !== 'by itself';
      const address = `${app.url}/embed/${service}?lang=en`;
      site = framing(address, 320);
      await page.goto(isFramed ? hostUrl : address);
      const frame = isFramed ? page.frameLocator('iframe') : page;
      await frame.getByText('Live', { exact: true }).waitFor();
      // The browser keeps for half a minute what it has opened, but not for the script, which asks for HTML alone.
      await report('major');
      await frame.getByText('Search is down').waitFor({ timeout: 15_000 });
      await report('operational');
      await frame.getByText('Search is operational').waitFor();
      expect(await context.cookies()).toEqual([]);
      expect(page.complaints).toEqual([]);
    });

    test('is refused to sites that the settings do not name, as pages are to all', async () => {
      const settings = (embedHosts: readonly string[] | null) =>
        send(`${app.url}/api/page/settings`, { embedHosts }, 'PUT');
      const isShown = async (path: string) => {
        site = framing(app.url + path, 320);
        await page.goto(hostUrl);
        const frame = page.frames().find((each) => each.parentFrame());
        await frame?.waitForLoadState();
        return (await frame?.locator('h1#headline').count()) === 1;
      };
      // Each time another address: browsers keep a frame for half a minute.
      expect(await isShown('/embed')).toBe(true);
      await settings(['https://www.example.org']);
      expect(await isShown('/embed?theme=light')).toBe(false);
      await settings([new URL(hostUrl).origin]);
      expect(await isShown('/embed?theme=dark')).toBe(true);
      await settings(null);
      expect(await isShown('/')).toBe(false);
    });

    test.each(['calm', 'down', 'maintenance', 'many services', 'names of 120 characters'])(
      'has no fault: %s',
      async (state) => {
        const shown = await startInState(state);
        const found = await htmlFaults(
          await (await shown.request('/embed', { headers: { Accept: 'text/html' } })).text(),
        );
        await page.goto(`${shown.url}/embed`);
        // By itself it stands on the background of the browser, which is not known to what computes contrasts.
        await page.evaluate(BACKGROUND);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          found.push(...(await axeFaults(page)), ...(await lookFaults(page)));
        }
        found.push(...(await overflows(page, [240, 320, 480])));
        expect(found).toEqual([]);
        shown.server.closeAllConnections();
        await shown.close();
      },
    );

    test('that has nothing to show has no fault either', async () => {
      const found = await htmlFaults(await (await app.request('/embed/nothing')).text());
      await page.goto(`${app.url}/embed/nothing`);
      found.push(...(await axeFaults(page)), ...(await overflows(page, [240, 320])));
      expect(found).toEqual([]);
    });
  });

  describe('the element', () => {
    const policy = `default-src 'none'; script-src ${'{app}'}; connect-src ${'{app}'}; require-trusted-types-for 'script'`;

    test('says what is the matter, also where a site allows little', async () => {
      site = {
        policy: policy.replaceAll('{app}', app.url),
        html: `<!doctype html><html lang="en"><title>Host</title><main><h1>Host</h1><plive-status src="${app.url}/" lang="en"></plive-status></main>
          <script src="${app.url}/embed.js"></script>`,
      };
      await report('degraded');
      await page.goto(hostUrl);
      const pill = page.getByRole('status').getByRole('link', { name: 'Search is degraded' });
      await pill.waitFor();
      expect(await pill.getAttribute('href')).toBe(app.url);
      const styles = await pill.evaluate((link) => [getComputedStyle(link).display, getComputedStyle(link).color]);
      expect(styles).toEqual(['inline-flex', 'rgb(117, 80, 0)']);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeFaults(page)).toEqual([]);
      expect(page.complaints).toEqual([]);
      expect(await context.cookies()).toEqual([]);
    });

    test.each([
      ['de-AT', /beeinträchtigt/],
      ['fr', 'Search is degraded'],
    ])('speaks the language of its site if the page has it: %s', async (language, name) => {
      site = {
        html: `<!doctype html><plive-status src="${app.url}" lang="${language}"></plive-status><script src="${app.url}/embed.js"></script>`,
      };
      await report('degraded');
      await page.goto(hostUrl);
      await page.getByRole('link', { name }).waitFor();
    });

    test('shows nothing while all is well, unless it is asked to', async () => {
      await report('operational');
      const asked = page.waitForResponse(/badge\.json/);
      site = {
        html: `<!doctype html><plive-status src="${app.url}"></plive-status><script src="${app.url}/embed.js"></script>`,
      };
      await page.goto(hostUrl);
      await (await asked).finished();
      expect(await page.getByRole('link').count()).toBe(0);
      site = { html: site.html.replace('<plive-status', '<plive-status always') };
      await page.goto(hostUrl);
      await page.getByRole('link', { name: 'Operational' }).waitFor();
    });

    test('asks again while somebody looks, and says no longer what may not be true', async () => {
      await report('degraded');
      const timed = await newPage(context);
      await timed.clock.install();
      // What is intercepted is not kept by the browser, by whose clock no time passes.
      await timed.route('**/badge.json*', (route) => route.continue());
      site = {
        html: `<!doctype html><plive-status src="${app.url}"></plive-status><script src="${app.url}/embed.js"></script>`,
      };
      await timed.goto(hostUrl);
      await timed.getByRole('link', { name: 'Search is degraded' }).waitFor();
      await report('major');
      await timed.clock.fastForward(61_000);
      await timed.getByRole('link', { name: 'Search is down' }).waitFor();
      await timed.route('**/badge.json*', (route) => route.abort());
      await timed.clock.fastForward(61_000);
      await timed.getByRole('link').waitFor({ state: 'detached' });
      await timed.close();
      await report('operational');
    });
  });

  describe('a badge', () => {
    const NAMES = [
      'Mail',
      'iiiillll',
      'WWWWMMMM',
      'Zahlungsabwicklung für Großkunden in Übersee',
      '支付服务',
      'خدمة الدفع',
      '🚀 & <b>',
    ];

    test.each(BADGE_STYLES)('keeps its texts inside its box: %s', async (style) => {
      for (const name of NAMES) {
        const text = {
          name,
          shape: 'partial',
          word: 'Partly down · 99.98\u00a0%',
          message: 'x',
          language: 'en',
        } as const;
        await page.setContent(badgePicture(text, { style }));
        const [box, label, word] = await page.evaluate<number[][]>(`
          [document.querySelector('svg'), ...document.querySelectorAll('text')]
            .map((element) => element.getBoundingClientRect())
            .map(({ left, right, top, bottom }) => [left, right, top, bottom])
        `);
        const [left = 0, right = 0, top = 0, bottom = 0] = box ?? [];
        for (const [from = 0, to = 0, above = 0, below = 0] of [label ?? [], word ?? []]) {
          expect([name, from >= left + 4, to <= right - 4, above >= top, below <= bottom]).toEqual([
            ...[name, true, true, true, true],
          ]);
        }
        expect([name, (label?.[1] ?? 0) < (word?.[0] ?? 0)]).toEqual([name, true]);
      }
    });

    test('is shown on another site, also the grey one of what is not there', async () => {
      site = {
        html: `<!doctype html><img src="${app.url}/badge.svg" alt=""><img src="${app.url}/badge/nothing.svg" alt="">`,
      };
      await page.goto(hostUrl, { waitUntil: 'load' });
      const heights = await page.evaluate(`[...document.images].map(({ naturalHeight }) => naturalHeight)`);
      expect(heights).toEqual([20, 20]);
    });
  });
}
