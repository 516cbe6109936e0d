// Three nodes on one PostgreSQL, struck in every way, in the short form of `npm run test:nodes`.
import { randomInt } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { withServer } from '../support/postgres.ts';
import { crashing } from './nemeses.ts';
import { run } from './run.ts';

const STRIKES = 3;
const PAUSE = 5_000;

test('clients of three nodes see one log, whatever strikes', async () => {
  const seed = randomInt(2 ** 31);
  process.stderr.write(`three nodes: --seed ${seed}\n`);
  await withServer(async (server, { url, terminateBackends }) => {
    const database = { url, terminateBackends, crash: crashing(server) };
    const { faults, acknowledged } = await run({ seed, strikes: STRIKES, pause: PAUSE, database });
    expect(faults).toEqual([]);
    expect(acknowledged).toBeGreaterThan(100);
  });
});
