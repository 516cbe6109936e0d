// Long lists over the wire: shared by all requests whatever their headers are, cached and compressed.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { showService } from '../../projections/service.ts';
import { selectServices } from '../../projections/services.ts';
import type { Turn } from '../../src/bounds/turns.ts';
import { askedBy } from '../support/asked.ts';
import { addServices, ask } from '../support/rest.ts';
import { anyone } from '../support/scenario.ts';
import { type Served, serve } from '../support/serve.ts';
import { longTest } from '../support/size.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const LENGTH = 7_000_000;
const PATH = '/api/services';

let app: StartedApp;
let served: Served;
let expected: string;

beforeAll(async () => {
  app = await startApp();
  await addServices(app, 1_000, 'Finds things '.repeat(600));
  served = await serve(app.routes, { log: app.log, isCaching: true });
  expected = JSON.stringify(selectServices(app.models.current.services, anyone, {}).map(showService));
  expect(expected.length).toBeGreaterThan(LENGTH);
});
afterAll(async () => {
  await served.close();
  await app.close();
});

/** Headers that pass the response cache by. */
const PASSING: readonly (readonly [name: string, value: string])[] = [
  ['Cookie', 'plive=bogus'],
  ['Authorization', 'Basic eDp5'],
  ['Origin', 'http://localhost:3001'],
];

test.each(PASSING)('with %s: %s it is whole, and HEAD says how long it would be', async (name, value) => {
  const answered = await ask(app, PATH, { headers: { [name]: value } });
  expect([answered.status, answered.text === expected]).toEqual([200, true]);
  const head = await ask(app, PATH, { headers: { [name]: value }, method: 'HEAD' });
  for (const { headers } of [answered, head]) expect(headers.get('Content-Length')).toBe(String(expected.length));
  expect(head.text).toBe('');
});

test('requests that nobody reads the answers of hold no list of their own', async () => {
  const before = process.memoryUsage().arrayBuffers;
  const sockets: Socket[] = [];
  for (let turn = 0; turn < 32; turn += 1) {
    const [name, value] = PASSING[turn % PASSING.length] ?? [];
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    socket.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\n${name}: ${value}\r\n\r\n`);
    await once(socket, 'readable');
    sockets.push(socket);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * LENGTH);
  for (const socket of sockets) socket.destroy();
});

test('it is encoded, and looked through, in turns', async () => {
  const route = app.routes.find(({ operationId }) => operationId === 'listServices');
  const turnsOf = async (query: object) => {
    let turns = 0;
    const turn: Turn = (work) => {
      turns += 1;
      return work();
    };
    const answered = await route?.handle({ ...askedBy(anyone), params: {}, query, body: undefined, turn });
    expect(answered).toMatchObject({ status: 200 });
    return turns;
  };
  // A scope that nobody has read yet.
  expect(await turnsOf({ organizationId: 'default' })).toBeGreaterThan(5);
  expect(await turnsOf({ organizationId: 'default' })).toBe(2);
  // Looks through the rows before and after a pause, then encodes none.
  expect(await turnsOf({ status: 'major' })).toBe(3);
});

longTest('it is cached and compressed', async () => {
  const before = served.passed();
  for (;;) {
    const response = await fetch(served.url + PATH, { headers: { 'Accept-Encoding': 'br' } });
    const encoding = response.headers.get('Content-Encoding');
    expect((await response.text()) === expected).toBe(true);
    expect(served.passed() - before).toBe(1);
    if (encoding === 'br') break;
  }
});
