// Members of a body that nobody knows: dropped, but never without a word.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, createService, openIncident, refused } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp({ CORS_ORIGIN: 'https://board.example' });
});

afterAll(async () => {
  await app.close();
  expect(app.reported).toEqual([]);
});

const GOOD = { name: 'Search', description: 'Finds things' };
const ignored = ({ headers }: { headers: Headers }) => headers.get('Plive-Ignored');

describe('by default', () => {
  test('the answer names what was ignored', async () => {
    const json = { ...GOOD, organisationId: 'acme', components: [] };
    const created = await ask(app, '/api/services', { json });
    expect([created.status, ignored(created)]).toEqual([201, 'organisationId, components']);
    expect(created.body).not.toHaveProperty('components');
  });

  test.each([
    ['a change', { status: 'major', id: 'x', version: 7 }, [200, 'id, version']],
    ['a refusal', { name: '', nmae: 'Search' }, [400, 'nmae']],
  ])('the answer to %s says so too', async (_kind, json, expected) => {
    const { id } = await createService(app);
    const answered = await ask(app, `/api/services/${id}`, { method: 'PUT', json });
    expect([answered.status, ignored(answered)]).toEqual(expected);
  });

  test('a body that is known in full names nothing', async () => {
    expect(ignored(await ask(app, '/api/services', { json: GOOD }))).toBeNull();
    const { id } = await openIncident(app);
    const json = { status: 'resolved', message: 'Over' };
    expect(ignored(await ask(app, `/api/incidents/${id}/updates`, { json }))).toBeNull();
  });

  test('a repeat names them again', async () => {
    const asked = { json: { ...GOOD, colour: 'red' }, headers: { 'Idempotency-Key': 'once' } };
    const [first, second] = [await ask(app, '/api/services', asked), await ask(app, '/api/services', asked)];
    expect([second.text, ignored(second)]).toEqual([first.text, 'colour']);
  });

  test('names that a header cannot hold arrive encoded, and neither their number nor their length is a load', async () => {
    const odd = { 'a,b': 1, 'Größe\r\nSet-Cookie: x': 1, ['x'.repeat(500)]: 1 };
    expect(ignored(await ask(app, '/api/services', { json: { ...GOOD, ...odd } }))).toBe(
      `a%2Cb, Gr%C3%B6%C3%9Fe%0D%0ASet-Cookie%3A%20x, ${'x'.repeat(64)}`,
    );
    const body = `{"name":"Search","description":"Finds things","\\ud800":1,"__proto__":2}`;
    const headers = { 'Content-Type': 'application/json' };
    expect(ignored(await ask(app, '/api/services', { method: 'POST', body, headers }))).toBe('%EF%BF%BD, __proto__');
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`m${index}`, 1]));
    const names = ignored(await ask(app, '/api/services', { json: { ...GOOD, ...many } }))?.split(', ');
    expect([names?.length, names?.at(-1)]).toEqual([21, '...']);
  });

  test('scripts of a page elsewhere can read which, and the links of a list', async () => {
    const headers = { Origin: 'https://board.example' };
    const answered = await ask(app, '/api/services', { json: { ...GOOD, colour: 'red' }, headers });
    const exposed = answered.headers.get('Access-Control-Expose-Headers')?.split(',');
    expect(exposed).toEqual(expect.arrayContaining(['Plive-Ignored', 'Link']));
  });
});

describe('with ?strict=true', () => {
  test('the request is refused, and each of them is named', async () => {
    const json = { ...GOOD, 'colour/hue': 'red', size: 1 };
    const answered = await refused(app, '/api/services?strict=true', { json }, [400, 'invalid-request']);
    expect(answered.body.errors).toEqual([
      { in: 'body', pointer: '/colour~1hue', detail: 'is not a field of this request' },
      { in: 'body', pointer: '/size', detail: 'is not a field of this request' },
    ]);
    expect(ignored(answered)).toBeNull();
  });

  test('a body that is known in full is taken', async () => {
    expect(await ask(app, '/api/services?strict=true', { json: GOOD })).toMatchObject({ status: 201 });
  });

  test('a body that nothing is known of says so as before', async () => {
    await refused(app, '/api/services?strict=true', { json: { colour: 'red' } }, [400, 'no-known-member']);
  });
});

test('?strict=false is the default', async () => {
  const answered = await ask(app, '/api/services?strict=false', { json: { ...GOOD, colour: 'red' } });
  expect([answered.status, ignored(answered)]).toEqual([201, 'colour']);
});

test.each(['strict=', 'strict=1', 'strict=TRUE', 'strict=true&strict=true'])('%s is refused', async (query) => {
  const { body } = await refused(app, `/api/services?${query}`, { json: GOOD }, [400, 'invalid-request']);
  expect(body.detail).toBe('strict must be one of true, false.');
});
