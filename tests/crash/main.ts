// The crash harness, `npm run test:crash`: kills the server and cuts its power in several ways, and counts lost writes.
import { randomInt } from 'node:crypto';
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { type CampaignReport, wage } from './campaign.ts';
import { isInexcusable, lackOfMounting } from './capability.ts';
import { runIsolated, temporaryWork } from './isolation.ts';
import { type Nemesis, nemeses, revealing } from './nemeses.ts';
import { plantBug } from './planted-bug.ts';
import { seededRandom } from './random.ts';

const USAGE = `npm run test:crash -- [options]
  --cycles N    strikes of each nemesis; default: 20
  --seed N      repeats the random choices of a run
  --only TEXT   only the nemeses whose name contains this text
  --plant-bug   strikes at a copy of the server that acknowledges before it syncs: power cuts must find losses`;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string', default: '' },
    'plant-bug': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    /** Set by the outer run for the inner one. */
    work: { type: 'string' },
  },
});
const { only, work } = values;
const chosen = nemeses.filter(({ name }) => name.includes(only));
const cycles = Number(values.cycles);
const seed = Number(values.seed);

if (values.help || !(cycles >= 1) || !Number.isInteger(seed) || chosen.length === 0) {
  console.log(USAGE);
  exit(values.help ? 0 : 2);
}
if (work !== undefined) exit(await run(work));
const made = temporaryWork();
exit(lackOfMounting() ? await run(made) : await runIsolated(`--work=${made}`));

async function run(directory: string): Promise<number> {
  console.log(`Crash harness: ${cycles} cycles of each nemesis, --seed ${seed}\n`);
  print('nemesis', 'cycles', 'acknowledged', 'unknown', 'lost', 'verdict');
  const planted = plantBug(directory);
  let failures = 0;
  for (const nemesis of chosen) {
    const isWell = await strike(nemesis, directory, values['plant-bug'] ? planted : undefined);
    failures += isWell ? 0 : 1;
  }
  if (only === '' && !(await proveWorth(directory, planted))) failures += 1;
  console.log(failures === 0 ? '\nNothing that was acknowledged was lost.' : `\n${failures} failed.`);
  return failures === 0 ? 0 : 1;
}

/**
 * Runs a campaign and resolves with whether nothing was lost. Skips it, with the reason, if this machine cannot run it.
 */
async function strike(nemesis: Nemesis, work: string, built?: string): Promise<boolean> {
  const report = await wageOrSkip(nemesis, nemesis.name, work, built);
  if (typeof report === 'boolean') return report;
  const isWell = report.problems.length === 0;
  printReport(nemesis.name, report, isWell ? 'ok' : 'FAILED');
  for (const problem of report.problems) console.log(`  ${problem}`);
  return isWell;
}

/** Checks the harness itself: it must find the bug that was planted in a copy of the server. */
async function proveWorth(work: string, planted: string): Promise<boolean> {
  const name = `${revealing.name}, planted bug`;
  const report = await wageOrSkip(revealing, name, work, planted);
  if (typeof report === 'boolean') return report;
  // A database that cannot be opened counts as well, even if no write was acknowledged that could be lost.
  const isCaught = report.problems.length > 0;
  printReport(name, report, isCaught ? 'ok, caught' : 'FAILED: not caught');
  return isCaught;
}

async function wageOrSkip(
  nemesis: Nemesis,
  name: string,
  work: string,
  built?: string,
): Promise<CampaignReport | boolean> {
  const lack = nemesis.lack();
  if (lack === undefined) {
    const random = seededRandom(seed);
    return wage(nemesis, { cycles, random, work, ...(built === undefined ? {} : { built }) });
  }
  const excused = !isInexcusable(lack);
  print(name, 0, 0, 0, 0, excused ? `skipped: ${lack.reason}` : `FAILED: ${lack.reason}`);
  return excused;
}

function printReport(name: string, report: CampaignReport, verdict: string): void {
  print(name, report.cycles, report.acknowledged, report.unknown, report.lost, verdict);
}

function print(name: string, ...columns: readonly (string | number)[]): void {
  const verdict = columns.at(-1);
  const counts = columns.slice(0, -1).map((count) => count.toLocaleString('en').padStart(13));
  console.log(`${name.padEnd(36)}${counts.join('')}  ${verdict}`);
}
