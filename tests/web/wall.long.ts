// A screen on a wall in a real browser: how many services it shows at once, and how large.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser, noBrowser } from '../examples/browser.ts';
import { send } from '../examples/send.ts';
import { describeNeeding } from '../support/needs.ts';
import { addServices, createService } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

describeNeeding(noBrowser, 'a wall', tests);

function tests(): void {
  let browser: Browser;
  let app: StartedApp;
  beforeAll(async () => {
    [browser, app] = await Promise.all([launchBrowser(), startApp()]);
  });
  afterAll(async () => {
    await browser?.close();
    app.server.closeAllConnections();
    await app.close();
  });

  /** What a screen of 1920 by 1080 pixels shows. */
  const look = async () => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(`${app.url}/?wall`);
    await page.locator('[data-density]').waitFor();
    const tiles = page.locator('.tile').filter({ visible: true });
    const shown = {
      count: await tiles.count(),
      first: await tiles.first().innerText(),
      size: await tiles.first().evaluate((tile) => Number.parseFloat(getComputedStyle(tile).fontSize)),
      place: await page.locator('[data-wall-page]').innerText(),
    };
    await page.context().close();
    return shown;
  };
  const add = async (count: number) => {
    for (let number = 0; number < count; number += 1) await createService(app, { name: `Authentication ${number}` });
  };

  test('shows few services large, up to sixty at once, and more in turns, those in trouble first', async () => {
    await add(6);
    const few = await look();
    await add(54);
    const many = await look();
    expect([few.count, few.place]).toEqual([6, '']);
    expect([many.count, many.place]).toEqual([60, '']);
    expect(few.size).toBeGreaterThan(2 * many.size);

    const { id } = await createService(app, { name: 'The last' });
    await send(`${app.url}/api/services/${id}`, { status: 'degraded' }, 'PUT');
    await addServices(app, 60);
    const most = await look();
    expect(most.count).toBeGreaterThanOrEqual(60);
    expect(most).toMatchObject({ first: 'The last\nDegraded', place: '1 of 3' });
  });
}
