// The page of an organisation with very many services: it is made in turns, is the page of one moment, and is made once
// for all who ask for it meanwhile.

import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { drawDays } from '../../projections/selectors/days.ts';
import type { Turn } from '../../src/bounds/turns.ts';
import type { Reader } from '../../src/http/browsers/reader.ts';
import type { Reply, Route } from '../../src/http/route.ts';
import type { View } from '../../src/read-models/views.ts';
import { LANGUAGES, wordsOf } from '../../src/text/words/languages.ts';
import { StatusPage } from '../../src/web/pages/status-page.tsx';
import { WallPage } from '../../src/web/pages/wall-page.tsx';
import { readAssets } from '../../src/web/reply/assets.ts';
import { createPageReply, type PageProps } from '../../src/web/reply/page-reply.ts';
import { askedBy } from '../support/asked.ts';
import { addServices, createService } from '../support/rest.ts';
import { ROOT } from '../support/root.ts';
import { anyone } from '../support/scenario.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const SERVICES = 64;
/** The most services that are drawn or rendered in one piece of work. */
const FEW = 10;

/** Is called once for each row that is rendered. */
const rows = jest.spyOn(wordsOf('en').services, 'summary');

/** Midway through a minute: with the next one, the page is made anew. */
const NOW = new Date('2026-11-29T11:40:30.000Z');

let app: StartedApp;
beforeEach(async () => {
  app = await startApp({}, { now: () => NOW });
  // No other test has rendered them.
  await addServices(app, SERVICES);
  rows.mockClear();
});
afterEach(() => app.close());

const front = () => app.routes.find(({ path }) => path === '/') as Route;
const request = (turn: Turn, reader: Reader = {}) => ({
  ...askedBy(anyone),
  turn,
  reader,
  params: {},
  query: {},
  body: {},
});
const page = async (turn: Turn) => (await front().handle(request(turn))) as Reply;
const textOf = ({ body }: Reply) => String(body);

/** Each piece of work has a turn of the event loop to itself. `before` is told how many there were. */
function loopTurns(before: (pieces: number) => Promise<void> | void = () => {}): Turn {
  let pieces = 0;
  return async (work) => {
    await setImmediate();
    await before(pieces);
    pieces += 1;
    return work();
  };
}

test('each piece of work renders a few rows', async () => {
  const rendered: number[] = [];
  const turn: Turn = async (work) => {
    await setImmediate();
    const before = rows.mock.calls.length;
    const result = work();
    rendered.push(rows.mock.calls.length - before);
    return result;
  };
  const text = textOf(await page(turn));
  expect(text.match(/<li class="service"/g)).toHaveLength(SERVICES);
  expect(rows).toHaveBeenCalledTimes(SERVICES);
  expect(Math.max(...rendered)).toBeLessThanOrEqual(FEW);
});

test('what happens meanwhile is not on it, and it is not kept as the page after that', async () => {
  const { position } = app.log;
  const turn = loopTurns(async (pieces) => {
    if (pieces === 3) await createService(app, { name: 'Created meanwhile' });
  });
  const made = await page(turn);
  expect(app.log.position).toBeGreaterThan(position);
  expect(textOf(made).includes(`data-position="${position}"`)).toBe(true);
  expect(textOf(made).includes('Created meanwhile')).toBe(false);
  expect(made).toMatchObject({ headers: { 'X-Log-Position': String(position) } });
  expect(made.revalidation).toBeUndefined();
  const after = await app.request('/');
  expect(Number(after.headers.get('X-Log-Position'))).toBe(app.log.position);
  expect((await after.text()).includes('Created meanwhile')).toBe(true);
});

test('those who ask for it meanwhile, or soon after, get the same one, and nobody waits for another', async () => {
  const never: Turn = () => new Promise(() => {});
  const some = loopTurns(async (pieces) => {
    if (pieces === 5) await new Promise(() => {});
  });
  for (const stuck of [never, some]) void page(stuck);
  const together = await Promise.all([page(loopTurns()), page(loopTurns())]);
  const [first, ...others] = [...together, await page(loopTurns())];
  for (const other of others) expect(other.body === first?.body).toBe(true);
  expect(rows).toHaveBeenCalledTimes(SERVICES);
});

test('who has seen a change does not get a page that was begun before', async () => {
  let seen: Reply | undefined;
  const turn = loopTurns(async (pieces) => {
    if (pieces !== 3) return;
    await createService(app, { name: 'Seen by its maker' });
    seen = await page(loopTurns());
  });
  const begun = await page(turn);
  expect([begun, seen].map((made) => made && textOf(made).includes('Seen by its maker'))).toEqual([false, true]);
});

test.each([
  ['the front page', StatusPage],
  ['the page for a wall', WallPage],
])('%s is, byte by byte, what it would be if its list were rendered in its place', async (_, Page) => {
  await createService(app, { name: '<!--list--> & more' });
  let props: PageProps<View<'status'>> | undefined;
  const answerPage = createPageReply({
    models: app.models,
    asOf: {} as never,
    now: () => NOW,
    drawPast: drawDays,
    canSignIn: false,
    isUnowned: () => false,
    origin: () => app.url,
    logId: () => app.log.id,
    assets: readAssets(ROOT),
  });
  for (const language of LANGUAGES) {
    const asked = {
      ...{ asked: { view: 'status', organizationId: 'default' } as const, when: {}, reader: { language }, home: '/' },
      ...{ path: '/', moments: () => [], missing: { status: 404 } as const },
      Page(given: PageProps<View<'status'>>) {
        props = given;
        return Page(given);
      },
    };
    const { body } = (await answerPage(asked, askedBy(anyone))) as Reply;
    const inPlace = (items: Iterable<Buffer>) => Buffer.concat([...items]).toString();
    const whole = props && render(h(Page, { ...props, leaveOut: inPlace }));
    expect(String(body) === `<!doctype html>${whole}`).toBe(true);
  }
});
