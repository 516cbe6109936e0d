// Writers on three nodes that change one entity as fast as they can: every node has its part, and none waits for ever.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestDatabase } from '../support/postgres/databases.ts';
import { newDatabase } from '../support/postgres.ts';
import { Cluster } from './cluster.ts';

let database: TestDatabase;
let cluster: Cluster;
beforeAll(async () => {
  database = await newDatabase();
  cluster = await Cluster.start({ databaseUrl: database.url });
});
afterAll(async () => {
  await cluster.stop();
  await database.drop();
});

/** How long they write, in milliseconds. */
const CONTENTION = 4_000;

test('on a stream that all nodes write to, each wins at least a fifth of an equal share', async () => {
  const body = JSON.stringify({ name: 'contended', description: 'A service', uptime: 0 });
  const headers = { 'Content-Type': 'application/json' };
  const [first] = cluster.nodes;
  const created = await fetch(`${first?.url}/api/services`, { method: 'POST', headers, body });
  const { id } = (await created.json()) as { readonly id: string };
  const wins = await Promise.all(
    cluster.nodes.map(async ({ url }, index) => {
      let won = 0;
      for (const end = performance.now() + CONTENTION; performance.now() < end; ) {
        // Every value differs from the one before, so that each answer of 200 is an event.
        const changed = JSON.stringify({ description: `${index} ${won}` });
        const answer = await fetch(`${url}/api/services/${id}`, { method: 'PUT', headers, body: changed });
        expect([200, 503]).toContain(answer.status);
        await answer.arrayBuffer();
        if (answer.status === 200) won += 1;
      }
      return won;
    }),
  );
  const share = wins.reduce((sum, each) => sum + each, 0) / wins.length;
  process.stderr.write(`wins of each node: ${wins.join(', ')}\n`);
  expect(Math.min(...wins)).toBeGreaterThan(share / 5);
});
