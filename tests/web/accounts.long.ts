// The pages of accounts in a real browser: a person sets the server up, signs in, joins and sets a new password.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { newLink } from '../../src/identity/links.ts';
import { launchBrowser, newContext, newPage, noBrowser, type WatchedPage } from '../examples/browser.ts';
import { type AccountsApp, happen, startOwned, startUnowned } from '../support/accounts.ts';
import { describeNeeding } from '../support/needs.ts';
import { ask } from '../support/rest.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@plive.test', password: 'analytical engine' };
const INVITATION = {
  invitationId: '0198c0de-0000-7000-8000-000000000001',
  role: 'member',
  expiresAt: '2036-03-01T09:00:00.000Z',
} as const;

test('are there where people sign in, with a label for each field and nothing inline', async () => {
  const app = await startUnowned();
  for (const path of ['/setup', '/sign-in', '/reset', '/invitations']) {
    const { status, text, headers } = await ask(app, path);
    expect([status, headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).not.toMatch(/<style|<script>|style=|onsubmit|onclick/);
    const ids = [...text.matchAll(/<input id="(\w+)"/g)].map(([, id]) => id);
    expect([...text.matchAll(/<label for="(\w+)"/g)].map(([, id]) => id)).toEqual(ids);
    expect(ids.length).toBeGreaterThan(0);
  }
  expect((await ask(app, '/assets/routes.ts')).status).toBe(404);
  await app.close();
});

describeNeeding(noBrowser, 'the pages of accounts', tests);

function tests(): void {
  let browser: Browser;
  let context: BrowserContext;
  let app: AccountsApp;
  let page: WatchedPage;

  beforeAll(async () => {
    browser = await launchBrowser();
    context = await newContext(browser);
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    page = await newPage(context);
  });
  afterEach(async () => {
    await page.close();
    await context.clearCookies();
    expect(app.reported).toEqual([]);
    // The browser may have opened a connection ahead of a request: the server would wait for that.
    app.server.closeAllConnections();
    await app.close();
  });

  const open = (path: string) => page.goto(app.url + path);
  const send = async (button: string, fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
    await page.getByRole('button', { name: button }).click();
  };
  const arrived = () => page.waitForURL(`${app.url}/`, { waitUntil: 'commit' });

  const startWithOwner = async () => {
    const owned = await startOwned();
    app = owned;
    return owned.owner;
  };

  test('set the server up, once, and leave the owner signed in', async () => {
    app = await startUnowned();
    await open(app.identity.links.address('setup', (await app.workflows.setUp.issueToken()) ?? ''));
    await send('Become the owner', { Name: ADA.name, 'E-mail address': ADA.email, Password: ADA.password });
    await arrived();
    const me = await page.evaluate(async () => (await fetch('/api/me')).json());
    expect(me).toMatchObject({ name: ADA.name });
    expect(await page.evaluate('document.cookie')).toBe('');
    await open(`/setup#token=${'x'.repeat(43)}`);
    await send('Become the owner', { Name: 'Eve', 'E-mail address': 'eve@plive.test', Password: ADA.password });
    await page.getByText('This link is invalid').waitFor();
  });

  test('sign somebody in, or say why not', async () => {
    const { email, password } = await startWithOwner();
    await open('/sign-in');
    await send('Sign in', { 'E-mail address': email, Password: 'not the password' });
    await page.getByText('The e-mail address or the password is wrong.').waitFor();
    await send('Sign in', { Password: password });
    await arrived();
  });

  test('set a new password, with which to sign in', async () => {
    const { id, email } = await startWithOwner();
    const { token, link } = newLink({ purpose: 'reset', subjectId: id }, new Date());
    await app.identity.links.restore(link);
    await open(app.identity.links.address('reset', token));
    await send('Set the password', { Password: 'difference engine' });
    await page.waitForURL(/sign-in/);
    await send('Sign in', { 'E-mail address': email, Password: 'difference engine' });
    await arrived();
  });

  test('let somebody new join, and whoever is signed in as they are', async () => {
    const owner = await startWithOwner();
    const [name = '', value = ''] = owner.headers.Cookie.split('=');
    await context.addCookies([{ name, value, url: app.url }]);
    const organizationId = 'default';
    await happen(app, organizationId, [{ type: 'organization.invitation-created', organizationId, data: INVITATION }]);
    const { invitationId: id, expiresAt } = INVITATION;
    const token = (await app.identity.links.issueInvitation({ id, organizationId, expiresAt })) ?? '';
    await open(app.identity.links.address('invitation', token));
    await page.getByText(`You join as ${owner.name}.`).waitFor();
    expect(await page.getByLabel('Name').isVisible()).toBe(false);
    await context.clearCookies();
    await page.reload();
    await send('Join', { Name: 'Ben', 'E-mail address': 'ben@plive.test', Password: 'another password' });
    await arrived();
  });
}
