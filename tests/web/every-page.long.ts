// Every page, and every state of the front page, in a real browser: in both themes, at every width, for every reader.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page, Request } from 'playwright-core';
import { PROBLEMS, type ProblemCode } from '../../src/http/problem.ts';
import { readAssets } from '../../src/web/reply/assets.ts';
import { createProblemPage } from '../../src/web/reply/problem-page.tsx';
import { launchBrowser, newContext, newPage, noBrowser, renew, type WatchedPage } from '../examples/browser.ts';
import { addOrganization, happen, startOwned } from '../support/accounts.ts';
import { describeNeeding } from '../support/needs.ts';
import { ROOT } from '../support/root.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { axeFaults, htmlFaults, lookFaults, overflows } from './page-faults.ts';
import { STATE_NAMES, startInState } from './page-states.ts';

/** Those of windows; 427 and 320 are also what a window of 1280 has left at a zoom of 300 and 400 %. */
const WIDTHS = [320, 390, 427, 768, 1280, 1920];
const HTML = { Accept: 'text/html' };

const PROBLEM_OF_EACH_STATUS = [
  ...new Map((Object.keys(PROBLEMS) as ProblemCode[]).map((problem) => [PROBLEMS[problem].status, problem])),
];

/** The path of each page, by what it shows. */
const PAGES: Readonly<Record<string, (ids: Ids) => string>> = {
  'a status page': () => '/',
  'a status page in German': () => '/?lang=de',
  'an open incident': ({ open }) => `/incidents/${open}`,
  'a resolved incident': ({ resolved }) => `/incidents/${resolved}`,
  'all maintenance': () => '/maintenance',
  'a maintenance': ({ maintenance }) => `/maintenance/${maintenance}`,
  'a service': ({ service }) => `/services/${service}`,
  history: () => '/history',
  uptime: () => '/uptime',
  'what can be subscribed to': () => '/subscribe',
  'the check of the record': () => '/verify',
  'the check of the record in German': () => '/verify?lang=de',
  'a wall': () => '/?wall',
  'a status page of the past': ({ position }) => `/?position=${position}`,
  'an incident of the past': ({ open, position }) => `/incidents/${open}?position=${position}`,
};

interface Ids {
  readonly open: string;
  readonly resolved: string;
  readonly maintenance: string;
  readonly service: string;
  readonly position: number;
}

describeNeeding(noBrowser, 'in both themes', tests);

function tests(): void {
  let browser: Browser;
  let page: WatchedPage;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await newPage(await newContext(browser));
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    // Otherwise the page of the test before could complain of its server, which is gone.
    await page.goto('about:blank');
    await renew(page);
  });

  /**
   * Opens a page. What it loads must come from there, and be all that it asks for before the socket: the page, its icon,
   * and a stylesheet and a script of all pages, and of its own.
   */
  const open = async (url: string) => {
    const requested = new Set<string>();
    const note = (request: Request) => requested.add(request.url());
    page.on('request', note);
    await page.goto(url, { waitUntil: 'load' });
    page.off('request', note);
    expect([...page.origins]).toEqual([new URL(url).origin]);
    const own = (url.includes('/verify') ? 2 : 0) + (url.includes('wall') ? 1 : 0);
    const files = [...requested].filter((address) => !address.includes('socket.io'));
    expect(files.length).toBeLessThanOrEqual(4 + own);
  };

  /**
   * Nothing is wrong with the page that is open. Each width and each theme once is enough for axe, which takes seconds; a
   * wide page has all that a narrow one has, so that its colours are looked at in both themes.
   */
  const inspect = async () => {
    const found: string[] = [];
    const look = async (width: number, colorScheme: 'light' | 'dark', find: (page: Page) => Promise<string[]>) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      found.push(...(await find(page)).map((fault) => `${width} ${colorScheme}: ${fault}`));
    };
    await look(1280, 'light', axeFaults);
    await look(1280, 'light', lookFaults);
    await look(1280, 'dark', lookFaults);
    await look(390, 'dark', axeFaults);
    found.push(...(await overflows(page, WIDTHS)));
    expect(found).toEqual([]);
  };

  describe('the front page', () => {
    test.each(STATE_NAMES)('%s', async (state) => {
      const app = await startInState(state);
      expect(await htmlFaults(await (await app.request('/', { headers: HTML })).text())).toEqual([]);
      await open(`${app.url}/`);
      await inspect();
      expect(page.complaints).toEqual([]);
      await stop(app);
    });
  });

  describe('of the sample data', () => {
    let app: StartedApp;
    let ids: Ids;
    beforeAll(async () => {
      app = await startApp({ SAMPLE_DATA: 'true' });
      ids = await readIds(app);
    });
    afterAll(() => stop(app));

    test.each(Object.entries(PAGES))('%s', async (_name, pathOf) => {
      const url = app.url + pathOf(ids);
      const response = await fetch(url, { headers: HTML });
      expect(response.status).toBe(200);
      expect(await htmlFaults(await response.text())).toEqual([]);
      await open(url);
      await inspect();
      expect(page.complaints).toEqual([]);
    });
  });

  test('all have their place in letters three times as large', async () => {
    const enlarged = await launchBrowser(['--blink-settings=defaultFontSize=48']);
    const apps = [await startApp({ SAMPLE_DATA: 'true' }), await startInState('names of 120 characters')] as const;
    const ids = await readIds(apps[0]);
    const urls = [...Object.values(PAGES).map((pathOf) => apps[0].url + pathOf(ids)), `${apps[1].url}/`];
    const large = await newPage(await newContext(enlarged));
    const found: string[] = [];
    for (const url of urls) {
      await large.goto(url, { waitUntil: 'load' });
      expect(await large.evaluate('parseFloat(getComputedStyle(document.documentElement).fontSize)')).toBe(48);
      found.push(...(await overflows(large, [1280])).map((fault) => `${url} ${fault}`));
    }
    expect(found).toEqual([]);
    await enlarged.close();
    for (const app of apps) await stop(app);
  });

  test('the list of status pages', async () => {
    const app = await startOwned();
    await addOrganization(app, 'open', { owner: app.owner, visibility: 'public' });
    const data = { visibility: 'private' } as const;
    const organizationId = 'default';
    await happen(app, organizationId, [{ type: 'organization.visibility-changed', organizationId, data }]);
    expect(await htmlFaults(await (await app.request('/', { headers: HTML })).text())).toEqual([]);
    await open(`${app.url}/`);
    await inspect();
    expect(page.complaints).toEqual([]);
    await stop(app);
  });

  const problemPage = (status: number, problem: ProblemCode) => {
    const render = createProblemPage({ stylesheet: readAssets(ROOT).stylesheet, hasAccounts: true });
    return render({ ...PROBLEMS[problem].example, problem, status, reference: 'r-1' }, {});
  };

  test.each(PROBLEM_OF_EACH_STATUS)('the problem %d is valid', async (status, problem) => {
    expect(await htmlFaults(problemPage(status, problem))).toEqual([]);
  });

  test('a problem', async () => {
    const app = await startApp();
    const body = problemPage(404, 'not-found');
    await page.route('**/problem', (route) => route.fulfill({ status: 404, contentType: 'text/html', body }));
    await page.goto(`${app.url}/problem`);
    await inspect();
    await stop(app);
  });
}

async function readIds(app: StartedApp): Promise<Ids> {
  const list = async (path: string) => (await (await app.request(`/api/${path}`)).json()) as Listed[];
  const incidents = await list('incidents');
  const idOf = (listed: readonly Listed[], matches: (one: Listed) => boolean) => listed.find(matches)?.id ?? '';
  return {
    open: idOf(incidents, ({ status }) => status !== 'resolved'),
    resolved: idOf(incidents, ({ status }) => status === 'resolved'),
    maintenance: idOf(await list('maintenances'), () => true),
    service: idOf(await list('services'), ({ status }) => status !== 'operational'),
    position: app.log.position,
  };
}

interface Listed {
  readonly id: string;
  readonly status: string;
}

async function stop(app: StartedApp): Promise<void> {
  // The browser may have opened a connection ahead of a request: the server would wait for that.
  app.server.closeAllConnections();
  await app.close();
}
