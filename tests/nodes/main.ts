// The proof of several nodes, `npm run test:nodes`: runs in a row, each with a seed of its own, and a checker after each.
import { randomInt } from 'node:crypto';
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { copyTemplate, forgetServer, prepareServer } from '../support/postgres/databases.ts';
import { PostgresServer } from '../support/postgres/server.ts';
import { crashing, nemeses } from './nemeses.ts';
import { run } from './run.ts';

const USAGE = `npm run test:nodes -- [options]
  --runs N      default: 10
  --strikes N   strikes in each run; default: 6
  --pause S     how long each strike lasts, in seconds; default: 15
  --seed N      repeats the random choices of a run, and makes it the first
  --only TEXT   only the nemeses whose name contains this text

The server is one of its own, or the one of TEST_DATABASE_URL, the address of a superuser.`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    strikes: { type: 'string', default: '6' },
    pause: { type: 'string', default: '15' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
const [runs, strikes, pause, seed] = [values.runs, values.strikes, values.pause, values.seed].map(Number) as [
  number,
  number,
  number,
  number,
];
const isKnown = nemeses.some(({ name }) => name.includes(values.only));
if (values.help || !isKnown || ![runs, strikes, pause, seed].every((each) => each >= 0)) {
  console.log(USAGE);
  exit(values.help ? 0 : 2);
}

let failures = 0;
for (let index = 0; index < runs; index += 1) {
  console.log(`Run ${index + 1} of ${runs}, --seed ${seed + index}`);
  failures += (await isWell(seed + index)) ? 0 : 1;
}
console.log(failures === 0 ? `\n${runs} runs, and no fault.` : `\n${failures} of ${runs} runs have faults.`);
exit(failures === 0 ? 0 : 1);

async function isWell(seed: number): Promise<boolean> {
  // A server that others use too cannot be struck.
  const shared = process.env.TEST_DATABASE_URL;
  const server = shared === undefined ? await PostgresServer.create() : undefined;
  const prepared = await prepareServer(server?.url ?? String(shared));
  const { url, terminateBackends, drop } = await copyTemplate(prepared);
  try {
    const database = { url, terminateBackends, crash: server && crashing(server) };
    const terms = { seed, strikes, pause: pause * 1_000, only: values.only, database, tell: console.log };
    const { acknowledged, refused, faults } = await run(terms);
    console.log(`  ${acknowledged} acknowledged, ${refused} refused, ${faults.length} faults`);
    for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
    return faults.length === 0;
  } finally {
    await drop();
    await forgetServer(prepared);
    await server?.dispose();
  }
}
