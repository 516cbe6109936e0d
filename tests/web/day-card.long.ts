// The card of a day of a strip in a real browser: the hours of the day as they were by the clocks of the organisation.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, newContext, newPage, noBrowser, type WatchedPage } from '../examples/browser.ts';
import { send } from '../examples/send.ts';
import { describeNeeding } from '../support/needs.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

/** Clocks in Berlin go back from 03:00 to 02:00 on 25 October. */
const LISTED = '2026-10-20T08:00:00.000Z';
const [BEGAN, RESOLVED] = ['2026-10-24T23:00:00.000Z', '2026-10-25T03:00:00.000Z'];
const [TROUBLED, NOW] = ['2026-10-27T07:00:00.000Z', '2026-10-27T11:00:00.000Z'];

describeNeeding(noBrowser, 'the card of a day', tests);

function tests(): void {
  let browser: Browser;
  let context: BrowserContext;
  let app: StartedApp;
  let time = LISTED;

  beforeAll(async () => {
    [browser, app] = await Promise.all([launchBrowser(), startApp({}, { now: () => new Date(time) })]);
    context = await newContext(browser);
    await send(`${app.url}/api/page/settings`, { timeZone: 'Europe/Berlin' }, 'PUT');
    const service = await send(`${app.url}/api/services`, { name: 'Search', description: 'Finds things' });
    const say = (at: string, status: string) => {
      time = at;
      return send(`${app.url}/api/services/${service}`, { status }, 'PUT');
    };
    await say(BEGAN, 'partial');
    await say(RESOLVED, 'operational');
    await say(TROUBLED, 'degraded');
    time = NOW;
  });
  afterAll(async () => {
    await browser?.close();
    app.server.closeAllConnections();
    await app.close();
  });

  const open = async (at = '/'): Promise<WatchedPage> => {
    const page = await newPage(context);
    await page.clock.setFixedTime(NOW);
    await page.goto(app.url + at);
    await page.getByRole('slider', { name: 'Search' }).focus();
    return page;
  };

  /** The card of the day so many days ago, opened by keys. */
  const cardOf = async (page: Page, daysAgo: number) => {
    await page.keyboard.press('End');
    for (let day = 0; day < daysAgo; day += 1) await page.keyboard.press('ArrowLeft');
    return read(page);
  };

  test('is as long as the day was, and draws hours where clocks showed them', async () => {
    const page = await open();
    const { name, bars, hours, spent, told } = await cardOf(page, 2);
    expect(name).toBe('Sunday 25 October');
    expect(bars).toEqual(['operational 0% 100%', 'partial 4% 16%']);
    expect(hours).toEqual(['00 0%', '06 28%', '12 52%', '18 76%', '24 100%']);
    expect(spent).toBe('Partly down 4\u00a0h');
    expect(told).toBe('Partly down from 01:00 to 04:00');
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  test('tells the present day up to the present moment', async () => {
    const page = await open();
    const { bars, spent } = await cardOf(page, 0);
    expect(bars).toEqual(['later 50% 50%', 'operational 0% 50%', 'degraded 33.33% 16.67%']);
    expect(spent).toBe('Degraded 4\u00a0h');
    // What was said last still holds when the page has been open for a while.
    await page.clock.setFixedTime('2026-10-27T17:00:00.000Z');
    await page.keyboard.press('Escape');
    expect((await cardOf(page, 0)).bars).toEqual(['later 75% 25%', 'operational 0% 75%', 'degraded 33.33% 41.67%']);
    await page.close();
  });

  test('tells nothing of the hours before the service was listed', async () => {
    const page = await open();
    const { bars, spent, told } = await cardOf(page, 7);
    expect(bars).toEqual(['none 0% 41.67%', 'operational 41.67% 58.33%']);
    expect(spent).toBe('No data 10\u00a0h');
    expect(told).toBe('No data from 00:00 to 10:00');
    await page.close();
  });

  test('tells the day of a page of the past up to its moment', async () => {
    const page = await open('/?at=2026-10-27T08:00:00Z');
    const { bars } = await cardOf(page, 0);
    expect(bars).toEqual(['later 37.5% 62.5%', 'operational 0% 37.5%', 'degraded 33.33% 4.17%']);
    await page.close();
  });
}

/** What a card shows and says. */
async function read(page: Page) {
  const card = page.locator('article.day');
  await card.waitFor();
  const drawn = (selector: string, tell: string) =>
    card
      .locator(selector)
      .evaluateAll(
        (elements, names) =>
          elements.map((element) => names.map((each) => element.getAttribute(each) ?? element.textContent).join(' ')),
        tell.split(' '),
      );
  const bars = await drawn('.hours rect', 'class x width');
  return {
    name: await card.getAttribute('aria-label'),
    bars: bars.map((bar) => bar.replace('fill-', '')),
    hours: await drawn('.scale text', 'text x'),
    spent: (await card.locator('.spent dd').allTextContents()).join(' '),
    told: await card.locator('.hours').getAttribute('aria-label'),
  };
}
