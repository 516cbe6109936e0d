// An open page in a real browser: what happens shows at once and without a reload, and the page says how fresh it is.
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, newPage, noBrowser, type WatchedPage } from '../examples/browser.ts';
import { type RestartingServer, restartingServer } from '../examples/restarting-server.ts';
import { send } from '../examples/send.ts';
import { describeNeeding } from '../support/needs.ts';
import { longTest, quickTest } from '../support/size.ts';

describeNeeding(noBrowser, 'an open page', tests);

/** Counts how far things have moved by themselves (CLS), and marks the page, so that a reload shows. */
const WATCH = `
  globalThis.shifted = 0;
  globalThis.isSame = true;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifted += value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** All elements of the page, but for what was said to those who listen. Attributes have no order. */
const ELEMENTS = `
  [...document.querySelectorAll('*')].map((element) => {
    const attributes = [...element.attributes].map(({ name, value }) => name + '=' + value).sort();
    const text = element.matches('[data-announce]') ? '' : [...element.childNodes].map(({ data }) => data).join('');
    return [element.localName, ...attributes, text].join(' ');
  })
`;

function tests(): void {
  let browser: Browser;
  let context: BrowserContext;
  let server: RestartingServer;
  let service: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    context = await browser.newContext({ reducedMotion: 'reduce' });
    await context.addInitScript(WATCH);
    server = await restartingServer();
    service = await send(`${server.url}/api/services`, { name: 'Search', description: 'Finds things' });
    await send(`${server.url}/api/services`, { name: 'Mail', description: 'Sends things' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });
  beforeEach(() => send(`${server.url}/api/services/${service}`, { status: 'operational' }, 'PUT'));

  const open = async (prepare: (page: Page) => Promise<unknown> = async () => {}) => {
    const page = await newPage(context);
    await prepare(page);
    await page.goto(`${server.url}/`);
    await says(page, 'Live');
    return page;
  };

  const openIncident = (title: string) =>
    send(`${server.url}/api/incidents`, {
      title,
      description: 'Results take long.',
      impact: 'major',
      affectedServices: ['Search'],
      impacts: { [service]: 'partial' },
    });

  const resolve = (incident: string) =>
    send(`${server.url}/api/incidents/${incident}/updates`, { status: 'resolved', message: 'It is back.' });

  /** Nothing went wrong on the page, it was not loaded again, nothing moved by itself, and it spoke to this server alone. */
  const finish = async (page: WatchedPage) => {
    expect(page.complaints).toEqual([]);
    expect(await page.evaluate('[isSame, shifted]')).toEqual([true, 0]);
    expect([...page.origins]).toEqual([server.url]);
    await page.close();
  };

  quickTest('shows what happens, and leaves the reader where they were', async () => {
    const page = await open();
    const asked = new Map<string, string | undefined>();
    page.on('request', (request) => asked.set(request.url(), request.headers()['x-log-position']));
    const first = await openIncident('Search is slow');
    await page.getByRole('heading', { name: 'Search is partly down' }).waitFor();
    // Another server than the one that told of it may answer.
    expect(Number(asked.get(`${server.url}/`))).toBeGreaterThan(0);
    expect(await page.title()).toMatch(/^◆ /);
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain('partial');
    await page.locator('[data-announce]').getByText('Search is partly down').waitFor({ state: 'attached' });

    for (const message of ['An index is gone.', 'It is being built.']) {
      await send(`${server.url}/api/incidents/${first}/updates`, { status: 'identified', message });
    }
    await page.getByText('It is being built.').waitFor();
    await page.locator('details.earlier summary').click();
    await page.getByRole('slider', { name: 'Mail' }).focus();
    await page.evaluate('scrollTo(0, 120)');
    await send(`${server.url}/api/incidents/${first}/updates`, { status: 'monitoring', message: 'It is built.' });
    await page.getByText('It is built.').waitFor();
    expect(await page.getByText('An index is gone.').isVisible()).toBe(true);
    expect(await page.evaluate('[document.activeElement.getAttribute("aria-label"), scrollY]')).toEqual([
      expect.stringContaining('Mail'),
      120,
    ]);
    await resolve(first);
    await page.getByRole('heading', { name: 'Everything works' }).waitFor();
    expect(page.complaints).toEqual([]);
    expect(await page.evaluate('isSame')).toBe(true);
    await page.close();
  });

  longTest('nothing moves when the script comes', async () => {
    const page = await open();
    await finish(page);
  });

  longTest('tells the days of a strip to keys', async () => {
    const page = await open();
    const slider = page.getByRole('slider', { name: 'Search' });
    const card = page.locator('article.day');
    await slider.focus();
    const today = await slider.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowLeft');
    expect(await slider.getAttribute('aria-valuetext')).not.toBe(today);
    await card.waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toContain('Mail');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest("article.day") !== null')).toBe(true);
    await page.keyboard.press('Escape');
    expect(await card.count()).toBe(0);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toContain('Mail');
    await page.keyboard.press('Home');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/services\/[^#]+#day-\d{4}-\d\d-\d\d$/);
    await page.close();
  });

  longTest('says that the connection is lost, that the page is old, and equals a fresh one after it', async () => {
    const page = await open((opened) => opened.clock.install());
    await server.stop();
    await says(page, 'Reconnecting …');
    // Time stands still then, so that the page does not find the server before its reader asks for it.
    await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 35_000);
    await page.getByText(/^This page is from \d\d:\d\d/).waitFor();
    expect(await page.title()).toMatch(/^\(old\) /);

    await server.start();
    const incident = await openIncident('Search was slow meanwhile');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.clock.resume();
    await page.getByText('Search was slow meanwhile').first().waitFor();
    await says(page, 'Live');
    expect(await page.title()).not.toContain('(old)');

    const fresh = await open();
    await page.clock.runFor(3_000);
    expect(await page.evaluate(ELEMENTS)).toEqual(await fresh.evaluate(ELEMENTS));
    expect(await page.evaluate('isSame')).toBe(true);
    await Promise.all([page.close(), fresh.close(), resolve(incident)]);
  });

  longTest('shows instants by the clock of the reader, and days by that of the organisation', async () => {
    const elsewhere = await browser.newContext({ timezoneId: 'Pacific/Kiritimati' });
    const page = await elsewhere.newPage();
    await page.goto(`${server.url}/`);
    const now = page.locator('.as-of');
    await now.getByText(/^in Kiritimati · \d\d:\d\d UTC$/).waitFor();
    const shown = '[document.querySelector(".as-of time").dateTime, document.querySelector(".as-of time").textContent]';
    const [instant, text] = (await page.evaluate(shown)) as [string, string];
    expect(text).toContain(new Date(Date.parse(instant) + 14 * 3_600_000).toISOString().slice(11, 16));

    await page.locator('[data-zone-choice] select').selectOption('UTC');
    await now.getByText(/\d\d:\d\d UTC$/).waitFor();
    expect(await page.evaluate(shown)).toEqual([instant, expect.stringContaining(instant.slice(11, 16))]);
    await page.reload();
    await now.getByText(/\d\d:\d\d UTC$/).waitFor();
    expect(await now.textContent()).not.toContain('Kiritimati');
    await elsewhere.close();
  });

  longTest('says within six seconds that the server has fallen silent', async () => {
    let isSilent = false;
    const page = await open(async (opened) => {
      await opened.clock.install();
      await opened.routeWebSocket('**', (socket) => {
        const there = socket.connectToServer();
        socket.onMessage((message) => there.send(message));
        there.onMessage((message) => {
          if (!isSilent) socket.send(message);
        });
      });
    });
    isSilent = true;
    await page.clock.runFor(5_900);
    await says(page, 'Reconnecting …');
    isSilent = false;
    await page.clock.runFor(5_000);
    await says(page, 'Live');
    await page.close();
  });

  longTest('catches up with what happened while it slept', async () => {
    const page = await open();
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    const incident = await openIncident('Search was slow while nobody looked');
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await page.getByText('Search was slow while nobody looked').first().waitFor();
    await resolve(incident);
    await page.close();
  });

  longTest('polls where no socket comes', async () => {
    const page = await open(async (opened) => {
      await opened.clock.install();
      await opened.routeWebSocket('**', (socket) => socket.close());
    });
    const incident = await openIncident('Search was slow between two polls');
    await page.clock.fastForward(30_000);
    await page.getByText('Search was slow between two polls').first().waitFor();
    await says(page, 'Live');
    await resolve(incident);
    await page.close();
  });

  longTest('says what is new above, and moves nothing', async () => {
    const page = await open();
    await page.setViewportSize({ width: 800, height: 300 });
    await page.evaluate('scrollTo(0, 400)');
    const incident = await openIncident('Search is slow again');
    await page.getByRole('button', { name: 'New: Search is partly down' }).click();
    expect(await page.evaluate('scrollY')).toBe(0);
    await page.getByRole('button', { name: 'New:' }).waitFor({ state: 'detached' });
    await resolve(incident);
    await page.close();
  });

  longTest('opens a day to a pointer, which can go to its links', async () => {
    const page = await open();
    const card = page.locator('article.day');
    const strip = await boxOf(page);
    await page.mouse.move(strip.x + strip.width - 3, strip.y + 10);
    await card.waitFor();
    const { x, y, width, height } = (await card.boundingBox()) ?? strip;
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(1_280);
    await page.mouse.move(x + 60, y + height - 25, { steps: 10 });
    await page.waitForTimeout(500);
    expect(await card.count()).toBe(1);
    await page.mouse.move(2, 2);
    await card.waitFor({ state: 'detached' });
    await finish(page);
  });

  longTest('opens days to a finger, and still scrolls under it', async () => {
    const phone = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });
    const page = await phone.newPage();
    await page.goto(`${server.url}/`);
    await says(page, 'Live');
    const slider = page.locator('.scrub').first();
    const strip = await boxOf(page);
    const [right, middle] = [strip.x + strip.width - 4, strip.y + 10];
    await page.touchscreen.tap(right, middle);
    await page.locator('article.day').waitFor();
    const { x, width } = (await page.locator('article.day').boundingBox()) ?? strip;
    expect([x >= 0, x + width <= 320]).toEqual([true, true]);

    const session = await phone.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints });
    const swipe = async (from: { x: number; y: number }, by: { x: number; y: number }) => {
      await touch('touchStart', from);
      for (let step = 1; step <= 10; step += 1) {
        await touch('touchMove', { x: from.x + (step * by.x) / 10, y: from.y + (step * by.y) / 10 });
      }
      await touch('touchEnd');
    };
    const last = await slider.inputValue();
    await swipe({ x: right, y: middle }, { x: -100, y: 0 });
    expect(Number(await slider.inputValue())).toBeLessThan(Number(last) - 5);
    const before = Number(await page.evaluate('scrollY'));
    await swipe({ x: right - 100, y: middle }, { x: 0, y: -150 });
    await page.waitForFunction(`scrollY > ${before + 50}`);
    await phone.close();
  });
}

async function says(page: Page, word: string): Promise<void> {
  await page.locator('[data-live-word]').getByText(word, { exact: true }).waitFor();
}

/** Where the first strip is, once it is in sight. */
async function boxOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const strip = page.locator('[data-strip]').first();
  await strip.scrollIntoViewIfNeeded();
  const box = await strip.boundingBox();
  if (!box) throw new Error('There is no strip.');
  return box;
}
