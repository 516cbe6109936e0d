// What the server costs, relative to a minimal Node program that does the same, as one table:
// node build/tests/bench/main.js [--nodes] [--write | --quick | --only NAME] [--json]
import { argv } from 'node:process';
import { parseArgs } from 'node:util';
import { writeMarkedText } from '../support/readme.ts';
import { changes } from './changes.ts';
import { folds } from './fold.ts';
import { type Bench, measure, missedBy, type Result, type Scale } from './harness.ts';
import { nodes } from './nodes.ts';
import { pages } from './pages.ts';
import { reads } from './reads.ts';
import { endAll } from './running.ts';
import { sockets } from './sockets.ts';
import { starts } from './start.ts';
import { strangers } from './strangers.ts';
import { table } from './table.ts';
import { uptime } from './uptime.ts';
import { writes } from './writes.ts';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    /** Measures several nodes on PostgreSQL, and nothing else. */
    nodes: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    /** Writes the table into the README beside this file. */
    write: { type: 'boolean', default: false },
  },
});

const ON_ONE_NODE: readonly Bench[] = [
  ...reads,
  ...pages,
  ...changes,
  ...folds,
  ...writes,
  ...sockets,
  uptime,
  strangers,
  ...starts,
];
const BENCHES = values.nodes ? nodes : ON_ONE_NODE;
/** The table in the README that `--write` replaces. */
const TABLE = values.nodes ? 'bench-nodes' : 'bench';

const QUICK: Scale = { quick: true, rounds: 3, seconds: 0.1 };
const FULL: Scale = { quick: false, rounds: 7, seconds: 0.5 };

if (values.write && (values.quick || values.only)) {
  console.error('--write takes a run of everything: leave out --quick and --only.');
  process.exit(2);
}

const scale = values.quick ? QUICK : FULL;
const results: Result[] = [];
const broken: string[] = [];

process.once('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

for (const bench of chosen()) {
  console.error(`${bench.name} …`);
  try {
    results.push(...(await measure(bench, scale, (missed) => again(bench, missed))));
  } catch (error) {
    console.error(error);
    broken.push(bench.name);
  } finally {
    endAll();
  }
}
console.log(values.json ? JSON.stringify(results, null, 2) : table(results));
if (values.write && broken.length === 0) writeMarkedText('tests/bench/README.md', TABLE, `${table(results)}\n`);

const missed = missedBy(results, scale);
if (missed.length > 0) console.error(`Missed: ${namesOf(missed)}.`);
if (broken.length > 0) console.error(`Not measured: ${broken.join(', ')}.`);
process.exit(missed.length + broken.length > 0 ? 1 : 0);

function again({ name }: Bench, missed: readonly Result[]): void {
  endAll();
  console.error(`${name}, once more: ${namesOf(missed)} …`);
}

function namesOf(lines: readonly Result[]): string {
  return lines.map(({ row, figure, measured }) => `${row} (${figure}: ${measured.toPrecision(3)})`).join('; ');
}

function chosen(): readonly Bench[] {
  const { only } = values;
  if (only === undefined) return BENCHES;
  const unknown = only.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    console.error(`There is no ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  return BENCHES.filter(({ name }) => only.includes(name));
}
