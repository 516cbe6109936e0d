// How fast the server starts on a long log, with a snapshot and without, and how much memory it takes: node build/tests/bench/start.js [--events n]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decode } from '../../src/log/encoding.ts';
import { SqliteJournal } from '../../src/log/sqlite-journal.ts';
import { madeUpCommits } from './made-up-log.ts';

const { values } = parseArgs({
  args: argv.slice(2),
  options: { events: { type: 'string', default: '1000000' }, scan: { type: 'string' }, keep: { type: 'string' } },
});
const EVENTS = Number(values.events);
/** Repeats of a measurement differ by so much on a machine that does other things too. */
const NOISE = 1.1;

if (values.scan !== undefined) console.log(await scanned(values.scan));
else await bench();

async function bench(): Promise<void> {
  const directory = values.keep ?? (await mkdtemp(join(tmpdir(), 'plive-bench-')));
  try {
    await makeLog(directory);
    // In a process of its own, as the starts are: no heap is warm.
    const scan = Number(execFileSync(execPath, [fileURLToPath(import.meta.url), '--scan', directory]));
    const without = await start(directory);
    const withSnapshot = await start(directory);
    const rows = [
      ['first answer with a snapshot, s', 1, withSnapshot.seconds],
      ['first answer without one, as a multiple of a scan', 2.5, without.seconds / scan],
      ['RSS after a start with a snapshot, MB', 400, withSnapshot.megabytes],
      ['RSS after a start without one, MB', 400, without.megabytes],
    ] as const;
    console.log(`${EVENTS} events, scanned and parsed in ${scan.toFixed(2)} s`);
    console.table(
      rows.map(([what, goal, measured]) => ({ what, goal: `< ${goal}`, measured: Number(measured.toFixed(2)) })),
    );
    if (rows.some(([, goal, measured]) => measured > goal * NOISE)) throw new Error('A goal was missed.');
  } finally {
    if (values.keep === undefined) await rm(directory, { recursive: true });
  }
}

/** How long it takes to read the log and to parse its events, in seconds: what no replay can do without. */
async function scanned(directory: string): Promise<number> {
  const journal = new SqliteJournal({ directory });
  const begin = performance.now();
  await journal.open();
  for await (const page of journal.scan({ after: 0 })) page.map(decode);
  const seconds = (performance.now() - begin) / 1000;
  await journal.close();
  return seconds;
}

async function makeLog(directory: string): Promise<void> {
  const journal = new SqliteJournal({ directory });
  if ((await journal.open()) === 0) for (const group of madeUpCommits(EVENTS)) await journal.commit(group);
  await journal.close();
}

/** Starts the server on the log, asks for the status, and ends it. Seconds are from the start of the process on. */
async function start(directory: string): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const begin = performance.now();
  const server = spawn(execPath, [fileURLToPath(new URL('../../src/main.js', import.meta.url))], {
    env: { PORT: '0', DATA_DIR: directory, LOG_FORMAT: 'none' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const response = await fetch(`${await addressOf(server)}/api/status`);
  await response.text();
  const seconds = (performance.now() - begin) / 1000;
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const megabytes = await memoryOf(server);
  server.kill('SIGTERM');
  await once(server, 'exit');
  return { seconds, megabytes };
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('The server says nothing.');
  for await (const line of createInterface(stdout)) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error('The server did not start.');
}

/** What of the process is in memory, in megabytes. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
