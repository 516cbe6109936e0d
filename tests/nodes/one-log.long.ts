// Two nodes on one PostgreSQL, asked over HTTP and sockets: both answer as if there were one.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { TestDatabase } from '../support/postgres/databases.ts';
import { newDatabase } from '../support/postgres.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';
import { Balancer } from './balancer.ts';
import { Listener } from './listeners.ts';

let database: TestDatabase;
let first: StartedApp;
let second: StartedApp;
beforeAll(async () => {
  database = await newDatabase();
  const node = (name: string) => startApp({ DATABASE_URL: database.url, NODE_NAME: name });
  first = await node('first');
  second = await node('second');
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await database.drop();
});

const service = (name: string) => ({ name, description: 'A service' });

async function create(app: StartedApp, name: string) {
  const response = await app.request('/api/services', { json: service(name) });
  expect(response.status).toBe(201);
  const { id } = (await response.json()) as { readonly id: string };
  return { id, etag: String(response.headers.get('ETag')), position: String(response.headers.get('X-Log-Position')) };
}

describe('what one node has recorded', () => {
  test('is read on the other by who brings the position, and changed by who brings the ETag', async () => {
    for (let index = 0; index < 20; index += 1) {
      const { id, etag, position } = await create(first, `service ${index}`);
      const read = await second.request(`/api/services/${id}`, { headers: { 'X-Log-Position': position } });
      expect([read.status, read.headers.get('ETag')]).toEqual([200, etag]);
      const set = { method: 'PUT', headers: { 'If-Match': etag }, json: { uptime: index } };
      expect((await second.request(`/api/services/${id}`, set)).status).toBe(200);
    }
  });

  test('is not unknown to the other, even if nothing says what was seen', async () => {
    for (let index = 0; index < 20; index += 1) {
      const { id } = await create(first, `known ${index}`);
      expect((await second.request(`/api/services/${id}`)).status).toBe(200);
    }
  });

  test('is the same list, byte for byte, with the same tag', async () => {
    const { position } = await create(first, 'the last');
    const lists = await Promise.all(
      [first, second].map(async (app) => {
        const response = await app.request(`/api/services?at_least=${position}`);
        return [response.headers.get('ETag'), await response.text()];
      }),
    );
    expect(lists[1]).toEqual(lists[0]);
  });
});

describe('a redaction', () => {
  const WORDS = 'hunter2-the-password';

  test('takes the words out of every row, and of the memory of the other node', async () => {
    const response = await first.request('/api/services', { json: service(WORDS) });
    const position = Number(response.headers.get('X-Log-Position'));
    const { id } = (await response.json()) as { readonly id: string };
    const listener = new Listener(second.url);
    await until(
      async () => (await second.request(`/api/services/${id}`)).ok && listener.follower.resume.after >= position,
    );
    const said = async (app: StartedApp) => {
      const paths = [
        ...['/api/services', `/api/services/${id}`, '/api/events?limit=1000', '/api/events/export', '/'],
        ...[`/api/services?position=${position}`, `/api/services/${id}/history`],
      ];
      const texts = await Promise.all(paths.map(async (path) => (await app.request(path)).text()));
      return texts.join('\n').split(WORDS).length - 1;
    };
    expect(await said(second)).toBeGreaterThan(4);
    const json = { reason: 'It is a password.' };
    const redacted = await first.request(`/api/events/${position}/redaction`, { json });
    expect(redacted.status).toBe(201);
    const seen = Number(redacted.headers.get('X-Log-Position'));
    await until(() => second.log.position >= seen);
    expect(await said(first)).toBe(0);
    expect(await said(second)).toBe(0);
    // Who comes late gets no words from the updates that the node keeps.
    const late = new Listener(second.url);
    await until(() => late.follower.resume.after >= seen);
    expect(JSON.stringify(late.follower.state)).not.toContain(WORDS);
    expect(await rowsWith(WORDS)).toEqual([]);
    listener.close();
    late.close();
  });

  /** The tables that have the words in a row. */
  async function rowsWith(words: string): Promise<readonly string[]> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const tables = await client.query("select tablename from pg_tables where schemaname = 'plive'");
    const found: string[] = [];
    for (const { tablename } of tables.rows) {
      const { rowCount } = await client.query(`select 1 from plive.${tablename} as row where row::text like $1`, [
        `%${words}%`,
      ]);
      if (rowCount) found.push(tablename);
    }
    await client.end();
    return found;
  }
});

describe('behind a balancer', () => {
  let balancer: Balancer;
  beforeEach(async () => {
    balancer = await Balancer.start({ isSticky: true });
    for (const app of [first, second]) balancer.set(app.url, Number(new URL(app.url).port));
    await balancer.check();
  });
  afterEach(() => balancer.close());

  test('that keeps a client with its node, a client that only polls hears everything', async () => {
    const listener = new Listener(balancer.url, ['polling']);
    const { id } = await create(first, 'polled');
    await until(() => JSON.stringify(listener.follower.state).includes(id));
    expect(listener.follower.faults).toEqual([]);
    listener.close();
  });

  test('a client that comes back to the other node gets exactly what it missed', async () => {
    const listener = new Listener(first.url);
    const { id } = await create(second, 'before');
    await until(() => JSON.stringify(listener.follower.state).includes(id));
    const { resume } = listener.follower;
    listener.close();
    const missed = await create(first, 'meanwhile');
    const back = new Listener(second.url, ['websocket'], listener.follower);
    await until(() => JSON.stringify(back.follower.state).includes(missed.id));
    expect(back.follower.faults).toEqual([]);
    expect(back.follower.resume.after).toBeGreaterThan(resume.after);
    expect(back.heard).toBe(1);
    back.close();
  });
});
