// The choices of a reader: what the form sets, where it leads back to, and whose form is refused.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Sent {
  readonly headers?: Record<string, string>;
  readonly type?: string;
}

function send(form: string, { headers, type = 'application/x-www-form-urlencoded' }: Sent = {}, { url } = app) {
  return fetch(`${url}/preferences`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': type, ...headers },
    body: form,
  });
}

const REST = 'Path=/; SameSite=Lax';

describe('the form', () => {
  test.each([
    ['theme=dark&language=de', [`theme=dark; Max-Age=31536000; ${REST}`, `lang=de; Max-Age=31536000; ${REST}`]],
    ['theme=light', [`theme=light; Max-Age=31536000; ${REST}`]],
    ['theme=&language=', [`theme=; Max-Age=0; ${REST}`, `lang=; Max-Age=0; ${REST}`]],
    ['theme=pink&language=xx', [`theme=; Max-Age=0; ${REST}`, `lang=; Max-Age=0; ${REST}`]],
    ['theme=dark%0d%0aSet-Cookie:%20x', [`theme=; Max-Age=0; ${REST}`]],
    ['other=1', []],
  ])('%j sets these cookies', async (form, cookies) => {
    const response = await send(form);
    expect([response.status, response.headers.getSetCookie()]).toEqual([303, cookies]);
  });

  test.each([
    ['/', '/'],
    ['/status/acme?at=2026-03-01T10:00:00%2B01:00#u-1', '/status/acme?at=2026-03-01T10:00:00%2B01:00#u-1'],
    ['/?lang=de', '/'],
    ['/history?month=2026-10&lang=de', '/history?month=2026-10'],
    ...['', 'status', 'https://evil.example/', '//evil.example/', '///evil.example', '/\\evil.example'].map((back) => [
      back,
      '/',
    ]),
    ...['/\t/evil.example', '/.//evil.example', '/x/..//evil.example', 'javascript:alert(1)', '/\n/evil.example'].map(
      (back) => [back, '/'],
    ),
  ])('with back=%j leads to %j', async (back = '', location = '') => {
    const response = await send(new URLSearchParams({ back }).toString());
    expect([response.status, response.headers.get('Location')]).toEqual([303, location]);
  });

  test.each([
    ['/', '/'],
    ['/history?kind=incidents&service=&lang=de', '/history?service=&amp;kind=incidents'],
    ['/maintenance?at=2026-03-01T10:00:00Z', '/maintenance?at=2026-03-01T10%3A00%3A00.000Z'],
    ['/history?kind=incidents&position=0', '/history?position=0&amp;kind=incidents'],
  ])('of %j leads back to what the reader has chosen there', async (asked, back) => {
    const page = await (await app.request(asked, { headers: { Accept: 'text/html' } })).text();
    expect(page).toContain(`name="back" value="${back}"`);
  });

  test('is as small as that', async () => {
    expect((await send(`back=/${'x'.repeat(1_100)}`)).status).toBe(413);
    expect((await send('{}', { type: 'application/json' })).status).toBe(415);
  });
});

describe('the form of a page', () => {
  const session = { Cookie: 'plive=x' };
  test.each<[string, (origin: string) => Record<string, string>, number]>([
    ['of this server', (origin) => ({ Origin: origin }), 303],
    ['of this server, with a session', (origin) => ({ Origin: origin, ...session }), 303],
    ['of this server that names no origin', () => ({ 'Sec-Fetch-Site': 'same-origin', ...session }), 303],
    ['of another one', () => ({ Origin: 'https://evil.example' }), 403],
    ['of another one, with a session', () => ({ Origin: 'https://evil.example', ...session }), 403],
    ['of no origin', () => ({ Origin: 'null' }), 403],
    ['of another site that names no origin', () => ({ 'Sec-Fetch-Site': 'cross-site' }), 403],
    ['of nowhere, with a session', () => session, 403],
  ])('%s', async (_name, headers, status) => {
    const response = await send('theme=dark', { headers: headers(new URL(app.url).origin) });
    expect([response.status, response.headers.getSetCookie().length]).toEqual([status, status === 303 ? 1 : 0]);
  });
});

test('cookies go over https alone where people reach the server over https', async () => {
  const secure = await startApp({ PUBLIC_URL: 'https://status.example.org' });
  try {
    const response = await send('theme=dark', {}, secure);
    expect(response.headers.getSetCookie()).toEqual([`theme=dark; Max-Age=31536000; Path=/; Secure; SameSite=Lax`]);
  } finally {
    await secure.close();
  }
});
