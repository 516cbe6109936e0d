// What `npm test` leaves out of front-page.test.ts.
import '../support/long.ts';
import './front-page.test.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { de } from '../../src/text/words/de.ts';
import { en } from '../../src/text/words/en.ts';
import { launchBrowser, noBrowser } from '../examples/browser.ts';
import { send } from '../examples/send.ts';
import { describeNeeding } from '../support/needs.ts';
import { pseudoWords } from '../support/pseudo-words.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { overflows } from './page-faults.ts';

const STATES = ['operational', 'maintenance', 'degraded', 'partial', 'major'];

describeNeeding(noBrowser, 'the front page for', tests);

function tests(): void {
  let browser: Browser;
  let app: StartedApp;
  let page: Page;
  beforeAll(async () => {
    [browser, app] = await Promise.all([launchBrowser(), startApp({ SAMPLE_DATA: 'true' })]);
    for (const status of STATES.slice(1)) {
      const service = await send(`${app.url}/api/services`, {
        name: `A service: ${status}`,
        description: 'In trouble',
      });
      await send(`${app.url}/api/services/${service}`, { status }, 'PUT');
    }
  });
  afterAll(async () => {
    await browser?.close();
    app.server.closeAllConnections();
    await app.close();
  });
  afterEach(() => page?.context().close());

  const open = async (options: Parameters<Browser['newContext']>[0] = {}, path = '/') => {
    page = await (await browser.newContext(options)).newPage();
    await page.goto(app.url + path);
    await page.locator('[data-live-word]').filter({ hasText: /./ }).waitFor();
  };

  test('eyes without colour: each state has a shape, and each day but that of maintenance a height', async () => {
    await open();
    const shapes = new Set<string | null>();
    for (const status of STATES) {
      shapes.add(
        await page.locator(`.service .state.${status} use, .service .${status} use`).first().getAttribute('href'),
      );
    }
    expect(shapes.size).toBe(STATES.length);
    const heights = await page.evaluate<number[]>(`
      ['', 'd', 'p', 'x'].map((kind) => {
        const bar = document.querySelector('.service .days i');
        bar.className = kind;
        return bar.getBoundingClientRect().height;
      })
    `);
    const steps = heights.slice(1).map((height, index) => height - (heights[index] ?? 0));
    expect(steps.filter((step) => step < 6)).toEqual([]);
  });

  test('a printer: white, without controls, all updates, and no row cut in two', async () => {
    await open();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    const controls = page.locator('button:visible, select:visible, input:visible, .button:visible');
    expect(await controls.allTextContents()).toEqual([]);
    expect(await page.getByText('We are looking into slow transfers of large files.').isVisible()).toBe(true);
    const cut = await page.evaluate(`
      (() => {
        const isKept = (row) => row !== null && (getComputedStyle(row).breakInside === 'avoid' || isKept(row.parentElement));
        const rows = [...document.querySelectorAll('.service, .plan, .earlier li')];
        return rows.filter((row) => !isKept(row)).map(({ className }) => className);
      })()
    `);
    expect(cut).toEqual([]);
    const headings = await page.locator('h1, .incident h3, .plan h3, .entry h4').allInnerTexts();
    expect(headings).toEqual(expect.arrayContaining(['File Storage Performance Issues', 'Delayed mail']));
    const outline = outlineOf(await page.pdf({ format: 'A4', tagged: true, outline: true })).map(withoutSpaces);
    expect(outline).toEqual(expect.arrayContaining(headings.map(withoutSpaces)));
  });

  test('a printer: no page has controls, or says that it is live; each has its address and its moment', async () => {
    page = await browser.newPage();
    await page.emulateMedia({ media: 'print' });
    const idOf = async (kind: string) => (await (await app.request(`/api/${kind}`)).json())[0].id;
    const entities = [`/incidents/${await idOf('incidents')}`, `/maintenance/${await idOf('maintenances')}`];
    for (const path of ['/', '/history', '/uptime', `/services/${await idOf('services')}`, ...entities]) {
      await page.goto(app.url + path);
      const controls =
        'button:visible, select:visible, input:visible, .button:visible, .order > a:visible, .live:visible';
      expect([path, await page.locator(controls).allTextContents()]).toEqual([path, []]);
      expect(await page.locator('.printed:visible').innerText()).toMatch(new RegExp(`^http://[^/]+${path}, as of `));
    }
    await page.emulateMedia({ media: 'screen' });
    expect(await page.locator('.printed').isVisible()).toBe(false);
  });

  test('forced colours: bars are drawn in the colour of text', async () => {
    await open({ forcedColors: 'active' });
    const [bar, text] = await page.evaluate<[string, string]>(`
      (() => {
        const sample = document.body.appendChild(document.createElement('p'));
        sample.style.backgroundColor = 'CanvasText';
        const colorOf = (element) => getComputedStyle(element).backgroundColor;
        return [colorOf(document.querySelector('.service .days i')), colorOf(sample)];
      })()
    `);
    expect(bar).toBe(text);
  });

  test('people whom motion makes ill: nothing moves', async () => {
    await open({ reducedMotion: 'reduce' });
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  });

  describe('another zone: instants are the reader’s, all else is the organisation’s', () => {
    test.each(['Pacific/Auckland', 'Asia/Kolkata', 'America/Los_Angeles'])('%s', async (timezoneId) => {
      const given = await (await app.request('/')).text();
      await open({ timezoneId });
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone: timezoneId, hour: '2-digit', minute: '2-digit' });
      const times = await page.evaluate<[string, string, string | null][]>(`
        [...document.querySelectorAll('time[datetime]')].map((time) => [time.dateTime, time.textContent, time.dataset.format ?? null])
      `);
      const instants = times.filter(([, , format]) => format !== null && format !== 'date');
      expect(instants.length).toBeGreaterThan(0);
      for (const [instant, text] of instants) expect(text).toContain(clock.format(new Date(instant)));
      for (const [, text, format] of times) if (format === null) expect(given).toContain(text);
      expect(await page.innerText('.as-of')).toMatch(/\d\d:\d\d UTC$/);
    });
  });

  test('a language from right to left, 40 % longer: all has its place', async () => {
    const german = { ...de };
    // Pages find the words of a language in its catalogue.
    Object.assign(de, pseudoWords(en));
    try {
      await open({}, '/?lang=de');
      expect(await page.evaluate('document.documentElement.dir')).toBe('rtl');
      expect(await overflows(page, [320, 390, 768, 1280, 1920])).toEqual([]);
    } finally {
      Object.assign(de, german);
    }
  });

  test('a slow line: at most 12 kB', async () => {
    page = await browser.newPage();
    // Answers are compressed from the second one on, once another thread has done it, and begin anew with each minute.
    let size = await sizeOfDocument(page, app.url);
    for (let visits = 1; size >= 12_000 && visits < 20; visits += 1) size = await sizeOfDocument(page, app.url);
    expect(size).toBeLessThan(12_000);
  });
}

/** What the document of a page takes on the line, in bytes. */
async function sizeOfDocument(page: Page, url: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const sizes = new Map<string, number>();
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
  const document = new Promise<string>((resolve) => {
    session.on('Network.requestWillBeSent', ({ requestId, type }) => type === 'Document' && resolve(requestId));
  });
  // Otherwise the browser asks whether the page that it has still holds.
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.goto(`${url}/`);
  const size = sizes.get(await document) ?? Number.POSITIVE_INFINITY;
  await session.detach();
  return size;
}

/** The writer of PDFs loses the space at which a line breaks. */
function withoutSpaces(text: string): string {
  return text.replace(/\s/g, '');
}

/** The headings in a PDF, as its writer puts them: Latin letters as they are, other texts in hex digits of UTF-16. */
function outlineOf(pdf: Buffer): string[] {
  return [...pdf.toString('latin1').matchAll(/\/Title (?:\(([^)]*)\)|<FEFF([0-9A-F]*)>)/g)].map(([, text, hex = '']) =>
    text === undefined ? Buffer.from(hex, 'hex').swap16().toString('utf16le') : text,
  );
}
