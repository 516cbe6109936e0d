// The pages of problems, as the server sends them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { PROBLEMS, type ProblemCode } from '../../src/http/problem.ts';
import { createProblemPage } from '../../src/web/reply/problem-page.tsx';
import { addOrganization, startOwned } from '../support/accounts.ts';

const HTML = { Accept: 'text/html' };

describe.each([true, false])('with accounts: %s', (hasAccounts) => {
  const page = createProblemPage({ stylesheet: '/assets/pages-X.css', hasAccounts });
  const codes = Object.keys(PROBLEMS) as ProblemCode[];

  test.each(codes)('that of %s is small, and has a heading, a stylesheet, and nothing that runs', (problem) => {
    const { status, example } = PROBLEMS[problem];
    for (const language of ['en', 'de'] as const) {
      const html = page({ ...example, problem, status, reference: 'r-1' }, { language, theme: 'dark' });
      expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${language}" dir="ltr" data-theme="dark">`));
      expect(Buffer.byteLength(html)).toBeLessThan(3_000);
      expect(html.match(/<h1>[^<]+<\/h1>/g)).toHaveLength(1);
      expect(html.match(/<link[^>]*>/g)).toEqual(['<link rel="stylesheet" href="/assets/pages-X.css"/>']);
      expect(html).not.toMatch(/<(script|style|svg|form)|undefined|null|NaN/);
    }
  });

  test('offers to sign in where that can help', () => {
    const offers = (problem: ProblemCode) =>
      page({ problem, detail: '', status: PROBLEMS[problem].status, reference: '' }, {}).includes('/sign-in');
    expect(['not-found', 'forbidden', 'gone', 'internal'].map((code) => offers(code as ProblemCode))).toEqual(
      hasAccounts ? [true, true, false, false] : [false, false, false, false],
    );
  });
});

test('says once when to try again: in how many seconds if that is known', () => {
  const page = createProblemPage({ stylesheet: '/s.css', hasAccounts: false });
  const advice = (status: number, headers = {}) =>
    page({ problem: 'overloaded', detail: '', reference: 'r-1', status, headers }, {}).match(/Try again[^<]*/g);
  for (const status of [429, 500, 503]) {
    expect(advice(status)).toEqual(['Try again in a moment.']);
    expect(advice(status, { 'Retry-After': '1' })).toEqual(['Try again in 1 second.']);
  }
  expect(advice(404)).toBeNull();
});

test('says when to try again, as which request it is known, and where what is gone was last', () => {
  const page = createProblemPage({ stylesheet: '/s.css', hasAccounts: false });
  const common = { detail: '', reference: 'r-1' };
  const busy = page({ ...common, problem: 'too-costly', status: 429, headers: { 'Retry-After': '12' } }, {});
  expect(busy).toMatch(/12/);
  expect(busy).not.toMatch(/r-1/);
  expect(page({ ...common, problem: 'internal', status: 500 }, {})).toMatch(/r-1/);
  const gone = page(
    { ...common, problem: 'gone', status: 410, members: { lastSeen: '/incidents/x?position=2&a="' } },
    {},
  );
  expect(gone).toContain('href="/incidents/x?position=2&amp;a=&quot;"');
});

describe('what is private', () => {
  let app: Awaited<ReturnType<typeof startOwned>>;
  beforeAll(async () => {
    app = await startOwned();
  });
  afterAll(() => app.close());

  test('has the same page as what is not there, but for its address', async () => {
    await addOrganization(app, 'hidden', { owner: app.owner });
    const known = ['/status/hidden', '/status/HIDDEN'];
    const texts: string[] = [];
    for (const path of [...known, `/status/${newId()}`, '/status/%20', '/nothing']) {
      const response = await app.request(path, { headers: HTML });
      expect([path, response.status]).toEqual([path, 404]);
      texts.push(await response.text());
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('/sign-in');
  });
});
