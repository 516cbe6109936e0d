// The front page of the sample data in a real browser: complete without script, and for every reader.
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser, newContext, newPage, noBrowser } from '../examples/browser.ts';
import { describeNeeding } from '../support/needs.ts';
import { longTest, quickTest } from '../support/size.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { axeFaults, htmlFaults, lookFaults, overflows } from './page-faults.ts';

describeNeeding(noBrowser, 'the front page', tests);

function tests(): void {
  let browser: Browser;
  let app: StartedApp;
  beforeAll(async () => {
    [browser, app] = await Promise.all([launchBrowser(), startApp({ SAMPLE_DATA: 'true' })]);
  });
  afterAll(async () => {
    await browser?.close();
    app.server.closeAllConnections();
    await app.close();
  });

  quickTest('is for every reader, and loads four files from its server', async () => {
    const page = await newPage(await newContext(browser));
    const requested = new Set<string>();
    page.on('request', (request) => requested.add(new URL(request.url()).pathname));
    await page.goto(`${app.url}/`);
    await page.locator('[data-live-word]').getByText('Live', { exact: true }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(await lookFaults(page)).toEqual([]);
    expect(await htmlFaults(await (await app.request('/')).text())).toEqual([]);
    expect(page.complaints).toEqual([]);
    expect([...page.origins]).toEqual([app.url]);
    // The socket and its client come later, when the page is idle.
    const first = [...requested].filter((path) => !path.includes('socket.io'));
    expect(first).toEqual(['/', ...Array(first.length - 1).fill(expect.stringMatching(/^\/assets\//))]);
    expect(first.length).toBeLessThanOrEqual(4);
    await page.close();
  });

  longTest('is complete without script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${app.url}/`);
    const { headline, services, incidents } = (await (await app.request('/api/page')).json()) as Shown;
    await page.getByRole('heading', { level: 1 }).waitFor();
    const shown = (await page.innerText('body')).replace(/\s+/g, ' ');
    expect(headline.status).toBe('degraded');
    const texts = services.flatMap(({ name, uptime90 }) => [name, `${uptime90}\u00a0%`.replace(/\s/g, ' ')]);
    for (const text of texts) expect(shown).toContain(text);
    expect(incidents).not.toHaveLength(0);
    for (const { title, updates } of incidents) {
      expect(shown).toContain(title);
      for (const { message } of updates) expect(await page.getByText(message).count()).toBeGreaterThan(0);
    }
    expect(shown).not.toMatch(/loading/i);
    expect(await overflows(page, [390])).toEqual([]);
    await context.close();
  });
}

interface Shown {
  readonly headline: { readonly status: string };
  readonly services: readonly { readonly name: string; readonly uptime90: number }[];
  readonly incidents: readonly {
    readonly title: string;
    readonly updates: readonly { readonly message: string }[];
  }[];
}
