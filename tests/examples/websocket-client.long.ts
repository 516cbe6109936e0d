// examples/websocket-client.html in a real browser: what a person sees of a server that changes, stops and comes back.
import { EventEmitter, once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { describeNeeding } from '../support/needs.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { FAINT_TEXTS } from '../web/contrast.ts';
import { launchBrowser, newContext, newPage, noBrowser, renew, type WatchedPage } from './browser.ts';
import { restartingServer } from './restarting-server.ts';
import { send } from './send.ts';

const FROM_DISK = pathToFileURL('examples/websocket-client.html').href;
const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

describeNeeding(noBrowser, 'the example client', tests);

function tests(): void {
  let browser: Browser;
  let context: BrowserContext;
  let shared: WatchedPage;
  let app: StartedApp;

  beforeAll(async () => {
    browser = await launchBrowser();
    context = await newContext(browser);
    shared = await newPage(context);
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    app = await startApp({ ALLOW_NULL_ORIGIN: 'true' });
  });
  afterEach(async () => {
    expect(app.reported).toEqual([]);
    // The browser may have opened a connection ahead of a request: the server would wait for that.
    app.server.closeAllConnections();
    await app.close();
  });

  const open = async (url: string) => {
    await renew(shared);
    await shared.goto(`${url}/examples/websocket-client.html`);
    await shared.getByText(`Connected to ${url}`).waitFor();
    return shared;
  };

  /** Its connection ends with it, before the server does. */
  const leave = (page: WatchedPage) => page.goto(`${app.url}/robots.txt`);

  /** Nothing went wrong on the page, and it spoke to nobody but this server. */
  const finish = async (page: WatchedPage) => {
    expect(page.complaints).toEqual([]);
    expect([...page.origins]).toEqual([app.url]);
    await leave(page);
  };

  const createService = (name: string, place: object = {}) =>
    send(`${app.url}/api/services`, { name, description: `About ${name}`, ...place });

  test('shows a service and an incident as they come, change and go', async () => {
    const page = await open(app.url);
    await page.getByRole('heading', { name: 'All systems operational' }).waitFor();

    const service = await createService('Search');
    const incident = await send(`${app.url}/api/incidents`, {
      title: 'Search is slow',
      description: 'Results take long.',
      impact: 'critical',
      affectedServices: ['Search'],
      impacts: { [service]: 'partial' },
    });
    await page.getByRole('heading', { name: 'Major outage' }).waitFor();
    expect(await texts(page, '#services')).toEqual([expect.stringContaining('Partial outage')]);
    expect(await page.title()).toContain('Major outage');

    await send(`${app.url}/api/incidents/${incident}/updates`, { status: 'identified', message: 'An index is gone.' });
    await page.getByText('An index is gone.').waitFor();
    expect(await texts(page, '#incidents')).toEqual([expect.stringMatching(/Identified.*Critical impact.*index/)]);

    await send(`${app.url}/api/incidents/${incident}/updates`, { status: 'resolved', message: 'It is back.' });
    await page.getByText('Resolved (1)').click();
    await page.getByText('It is back.').waitFor();
    await app.request(`/api/services/${service}`, { method: 'DELETE' });
    await page.getByText('No services yet.').waitFor();
    await finish(page);
  });

  test('authenticates, joins and leaves organizations', async () => {
    await createService('Of theirs', { organizationId: 'org-456' });
    await createService('Of the tenant', { tenantId: 'tenant-789' });
    await createService('Of others', { organizationId: 'org-9' });
    const page = await open(app.url);

    await page.getByRole('button', { name: 'Authenticate' }).click();
    await page.getByText('Authenticated as client').waitFor();
    await services(page, ['Of theirs', 'Of the tenant']);
    const { clientsInfo } = (await (await app.request('/api/websocket/info')).json()) as { clientsInfo: unknown };
    expect(clientsInfo).toMatchObject([
      { userId: 'user-123', organizationId: 'org-456', tenantId: 'tenant-789', userRole: 'admin' },
    ]);

    await page.getByLabel('Organization to join').fill('org-9');
    await page.keyboard.press('Enter');
    await services(page, ['Of theirs', 'Of the tenant', 'Of others']);

    await page.getByRole('button', { name: 'Leave Organization org-456' }).click();
    await page.getByText('left-organization', { exact: true }).waitFor();
    await createService('Of theirs later', { organizationId: 'org-456' });
    await createService('Of others later', { organizationId: 'org-9' });
    await services(page, ['Of the tenant', 'Of others', 'Of others later']);
    await finish(page);
  });

  test('pings, disconnects and connects again where it left off', async () => {
    const page = await open(app.url);
    await createService('Before');
    await services(page, ['Before']);
    await page.getByRole('button', { name: 'Ping' }).click();
    await page.getByText(/^Pong after \d+ ms$/).waitFor();

    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Not connected').waitFor();
    await page.getByText('Not live: as it was last heard').waitFor();
    await createService('Meanwhile');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();

    await services(page, ['Before', 'Meanwhile']);
    await page.getByText('Everyone: 2 of 2 services operational').waitFor();
    await page.getByText('Not live').waitFor({ state: 'detached' });
    await finish(page);
  });

  test('shows what strangers wrote as text', async () => {
    const page = await open(app.url);
    await createService(HOSTILE);
    const id = await send(`${app.url}/api/incidents`, {
      title: HOSTILE,
      description: HOSTILE,
      affectedServices: [HOSTILE],
    });
    await send(`${app.url}/api/incidents/${id}/updates`, { status: 'monitoring', message: HOSTILE });
    await send(`${app.url}/api/websocket/broadcast`, {
      type: 'service-update',
      data: { name: HOSTILE, status: HOSTILE },
    });
    await page.getByText('test message').click();
    await page.locator('#log pre').waitFor();

    expect(await page.getByRole('heading', { name: HOSTILE }).count()).toBe(2);
    expect(await page.locator('main').innerText()).toContain(`About ${HOSTILE}`);
    expect(await page.locator('img, main script').count()).toBe(0);
    await finish(page);
  });

  test('shows a test message in the log alone, whatever it holds', async () => {
    const page = await open(app.url);
    const payloads = [null, 7, 'text', [], { id: 'x', deleted: true, name: { first: 1 } }];
    for (const data of payloads) {
      for (const type of ['service-update', 'incident-update', 'status-update']) {
        await send(`${app.url}/api/websocket/broadcast`, { type, data });
      }
    }
    await createService('Real');
    await services(page, ['Real']);
    expect(await page.locator('#log').getByText('test message').count()).toBe(15);
    await finish(page);
  });

  test('goes on after a restart of the server: nothing is lost, nothing is doubled', async () => {
    const server = await restartingServer();
    const page = await open(server.url);
    await page.getByRole('button', { name: 'Authenticate' }).click();
    const create = (name: string, place: object = {}) =>
      send(`${server.url}/api/services`, { name, description: 'A', ...place });
    const organizationId = 'org-456';
    const kept = await create('Kept');
    await create('Theirs', { organizationId });
    await services(page, ['Kept', 'Theirs']);

    await server.stop();
    await page.getByText('trying again').waitFor();
    await server.start();
    await create('Meanwhile', { organizationId });
    await create('Of the tenant', { tenantId: 'tenant-789' });
    await send(`${server.url}/api/services/${kept}`, { name: 'Kept and renamed' }, 'PUT');

    await page.getByText(`Connected to ${server.url}`).waitFor();
    await services(page, ['Kept and renamed', 'Theirs', 'Meanwhile', 'Of the tenant']);
    const updates = await page.locator('#log > li', { hasText: 'service-update' }).allInnerTexts();
    expect(updates.filter((line) => line.includes('Meanwhile'))).toHaveLength(1);
    expect(updates.filter((line) => line.includes('Kept and renamed'))).toHaveLength(1);
    expect(server.reported).toEqual([]);
    expect(page.complaints.filter((line) => !line.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
    await leave(page);
    await server.dispose();
  });

  test('notices an update that got lost on the way, and asks for it', async () => {
    const page = await newPage(context);
    const engine = new EventEmitter();
    const upgraded = once(engine, 'upgraded');
    let lost = 0;
    await page.routeWebSocket(/socket\.io/, (route) => {
      const server = route.connectToServer();
      route.onMessage((message) => {
        server.send(message);
        // The packet by which Engine.IO goes over to the WebSocket.
        if (message === '5') engine.emit('upgraded');
      });
      server.onMessage((message) => {
        const isFirst = lost === 0 && String(message).includes('"name":"Lost"');
        if (isFirst) lost += 1;
        else route.send(message);
      });
    });
    await page.goto(`${app.url}/examples/websocket-client.html`);
    await upgraded;

    await createService('Lost');
    await createService('Next');
    await services(page, ['Lost', 'Next']);
    expect(lost).toBe(1);
    await finish(page);
    await page.close();
  });

  const wholeRoom = async (count: number, letters: number, heard: string) => {
    await appendServices(app, count, 'x'.repeat(letters));
    const page = await newPage(context);
    await page.goto(FROM_DISK);
    await page.getByLabel('Server address').fill(app.url);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText(`${count} services`, { exact: true }).waitFor();
    await page.getByText(heard, { exact: true }).waitFor();

    await createService('The next');
    await page.getByText(`${count + 1} services`, { exact: true }).waitFor();
    expect(await page.locator('#services > li').count()).toBe(count + 1);
    expect(page.complaints).toEqual([]);
    expect([...page.origins]).toEqual(['null', app.url]);
    await page.close();
  };

  test('takes over a whole room as a snapshot', () => wholeRoom(1_000, 1, 'snapshot'));

  test('takes over a whole room over REST where it is too large for that', () => wholeRoom(500, 5_000, 'resync'));

  test('works opened from disk', async () => {
    const page = await newPage(context);
    await page.goto(FROM_DISK);
    expect(await page.getByLabel('Server address').inputValue()).toBe('http://localhost:5000');
    await page.getByLabel('Server address').fill('not an address');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('Enter an address such as').waitFor();

    await page.getByLabel('Server address').fill(`${app.url}/`);
    await page.keyboard.press('Enter');
    await createService('Search');
    await services(page, ['Search']);
    await page.getByRole('button', { name: 'Authenticate' }).click();
    await page.getByText('Authenticated as client').waitFor();

    expect(page.complaints).toEqual([]);
    expect([...page.origins]).toEqual(['null', app.url]);
    await page.close();
  });

  test('says why a served page cannot speak to another server', async () => {
    const page = await open(app.url);
    const elsewhere = app.url.replace('127.0.0.1', 'localhost');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByLabel('Server address').fill(elsewhere);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('This page may only talk to the server that it came from.').waitFor();
    await page.getByText('Not connected').waitFor();
    await leave(page);
  });

  test('can be read in light and in dark', async () => {
    const page = await openFull();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect([colorScheme, await page.evaluate(FAINT_TEXTS)]).toEqual([colorScheme, []]);
    }
    await finish(page);
  });

  test('fits a phone, whatever the names', async () => {
    const page = await open(app.url);
    await page.setViewportSize({ width: 375, height: 700 });
    const name = 'x'.repeat(200);
    await createService(name);
    await send(`${app.url}/api/incidents`, { title: name, description: name, affectedServices: [name] });
    await page.getByRole('heading', { name }).nth(1).waitFor();
    await page.getByRole('button', { name: 'Authenticate' }).click();
    await page.getByText('Authenticated as client').waitFor();

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    const sizes = await page.locator('button, input').evaluateAll((all) => all.map((one) => one.clientHeight));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(40);
    await finish(page);
  });

  test('can be used without a mouse, and every control has a name', async () => {
    const page = await open(app.url);
    const nameless = `[...document.querySelectorAll('input, button')]
      .filter((control) => !(control.labels?.[0]?.textContent ?? control.textContent).trim())`;
    expect(await page.evaluate(`${nameless}.length`)).toBe(0);

    const reached: unknown[] = [];
    for (let count = 0; count < 12; count += 1) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(`document.activeElement.id || document.activeElement.textContent.trim()`));
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
    expect(reached).toEqual([
      'server',
      'connect',
      'join-organization',
      'Join',
      'user-id',
      'user-role',
      'organization-id',
      'tenant-id',
      'Authenticate',
      'ping',
      'clear-log',
      'log',
    ]);
    await finish(page);
  });

  /** A page that shows one of everything. */
  async function openFull(): Promise<WatchedPage> {
    const page = await open(app.url);
    for (const status of ['operational', 'maintenance', 'degraded', 'partial', 'major'])
      await createService(status, { status });
    for (const impact of ['minor', 'major', 'critical']) {
      const id = await send(`${app.url}/api/incidents`, { title: impact, description: 'A', impact });
      for (const status of ['investigating', 'identified', 'monitoring', 'resolved'].slice(
        0,
        impact === 'major' ? 4 : 3,
      )) {
        await send(`${app.url}/api/incidents/${id}/updates`, { status, message: 'B' });
      }
    }
    await page.getByText('Resolved (1)').click();
    await page.getByRole('button', { name: 'Authenticate' }).click();
    await page.getByText('Authenticated as client').waitFor();
    return page;
  }
}

async function texts(page: WatchedPage, list: string): Promise<string[]> {
  const lines = await page.locator(`${list} > li`).allInnerTexts();
  return lines.map((line) => line.replaceAll('\n', ' '));
}

/** Waits until the page lists exactly these services, each once, and checks their order. */
async function services(page: WatchedPage, names: readonly string[]): Promise<void> {
  await page.getByText(counted(names.length), { exact: true }).waitFor();
  await page.locator('#services h3', { hasText: new RegExp(`^${names.at(-1)}$`) }).waitFor();
  expect(await page.locator('#services h3').allInnerTexts()).toEqual(names);
}

function counted(count: number): string {
  return `${count} service${count === 1 ? '' : 's'}`;
}

/** Many services at once: more than one commit could make over REST. */
async function appendServices(app: StartedApp, count: number, description: string): Promise<void> {
  const place = { organizationId: 'default' };
  const data = { name: 'One of many', description, status: 'operational', uptime: 100 } as const;
  const ids = Array.from({ length: count }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);
  await app.log.append({
    writes: ids.map((id) => ({
      stream: `service-${id}`,
      expected: 'no-stream',
      events: [{ type: 'service.created', ...place, data }],
    })),
    actor: { kind: 'system' },
    correlationId: 'test',
  });
}
