// examples/three-nodes.js, run as it is.
import { expect, test } from '@jest/globals';
import { directoryOfPrograms } from '../support/postgres/programs.ts';
import { runExample } from './running-example.ts';

test('a failover is walked through, with a PostgreSQL, nodes and a balancer of its own', async () => {
  const environment = { PLIVE_SERVER: 'build/src/server.js', PLIVE_POSTGRES: directoryOfPrograms() };
  const run = runExample(process.execPath, ['examples/three-nodes.js'], '', environment);
  expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('Everything was as expected.')]);
});
