// Processes under measurement: the built server or a floor, each in a process of its own, with what it costs as the kernel counts it.
import { type ChildProcessByStdio, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { PreparedCommit } from '../../src/log/journal.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { ROOT } from '../support/root.ts';
import { createdServices } from './made-up-log.ts';

/** Where this program and the server that it belongs to were compiled to. */
const BUILT = fileURLToPath(new URL('../../', import.meta.url));

/** How long an answer may take, in milliseconds: what takes longer will not come. */
const PATIENCE = 120_000;

const running = new Set<{ kill(signal: 'SIGKILL'): unknown }>();
const directories = new Set<string>();

/** Ends whatever was started and still runs, and drops every directory that was made for it. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  running.clear();
  directories.clear();
}

/** A new directory for a log. */
export async function logDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'plive-bench-'));
  directories.add(directory);
  return directory;
}

/** A process that listens for HTTP. */
export class Running {
  readonly url: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;

  constructor(url: string, child: ChildProcessByStdio<Writable, Readable, null>) {
    this.url = url;
    this.#child = child;
  }

  /** Processor time that all threads have taken so far, in milliseconds. */
  async cpu(): Promise<number> {
    const tasks = `/proc/${this.#child.pid}/task`;
    let nanoseconds = 0;
    for (const task of await readdir(tasks)) {
      // A thread that has ended since is missed: those that matter live as long as the process.
      const stat = await readFile(`${tasks}/${task}/schedstat`, 'utf8').catch(() => '0');
      nanoseconds += Number(stat.split(' ')[0]);
    }
    return nanoseconds / 1e6;
  }

  /** What of the process is in memory, in kilobytes. */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }

  /** Ends it at once, or lets it put things in order first. Resolves when it is gone. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    running.delete(this.#child);
  }
}

/** The server in one file, as `npm start` runs it. */
const SHIPPED = '../dist/src/server.js';
/** The same file by file, as tests run it. */
export const COMPILED = 'src/main.js';

export interface ServerOptions {
  /** What is run; the server as it ships, unless told. */
  readonly program?: typeof SHIPPED | typeof COMPILED;
  /** Where the log is; a new directory, unless told. */
  readonly directory?: string;
  /** What the log holds at the start: so many services of so many organisations. Sample data, unless told. */
  readonly services?: number;
  readonly organizations?: number;
  readonly journal?: 'sqlite' | 'memory';
  /** Whether every request is written to the access log. */
  readonly isLogging?: boolean;
}

/** Starts the server on loopback. */
export async function startServer(options: ServerOptions = {}): Promise<Running> {
  const { services, organizations = 1_000, journal = 'sqlite', isLogging = false } = options;
  const { directory = await logDirectory(), program = SHIPPED } = options;
  if (services !== undefined) await record(directory, createdServices(services, organizations));
  const settings = {
    PORT: '0',
    DATA_DIR: directory,
    DATABASE_URL: `${journal}:`,
    LOG_FORMAT: isLogging ? 'combined' : 'none',
    NODE_ENV: 'test',
  };
  return start(program, settings);
}

/** Makes a log of these commits. */
export async function record(directory: string, groups: Iterable<readonly PreparedCommit[]>): Promise<void> {
  const journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  for (const group of groups) await journal.commit(group);
  await journal.close();
}

export type Floor = 'http' | 'express' | 'socket-io' | 'ws';

/** Starts the program of `floors/` with this name, and tells it what it asks for on its standard input. */
export async function startFloor(floor: Floor, told?: unknown): Promise<Running> {
  return start(`tests/bench/floors/${floor}.js`, {}, told);
}

async function start(program: string, settings: Readonly<Record<string, string>>, told?: unknown): Promise<Running> {
  // Not where a .env could be.
  const surroundings = { cwd: BUILT, env: { PATH: env.PATH, ...settings } };
  const child = spawn(execPath, [program], { ...surroundings, stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  child.stdin.end(told === undefined ? '' : JSON.stringify(told));
  return new Running(await addressOf(child.stdout), child);
}

/** The address that its first line names. What it writes after that is read and dropped, as a collector of logs would. */
async function addressOf(output: Readable): Promise<string> {
  const lines = createInterface(output);
  const ended = once(output, 'close').then(() => ['']);
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  const address = /http:\/\/\S+/.exec(String(line))?.[0];
  if (address === undefined) throw new Error('A process under measurement did not start.');
  lines.close();
  output.resume();
  return address;
}

/** A program of this directory that takes questions and gives answers, one at a time, over a channel of its own. */
export class Assistant {
  readonly #child: ReturnType<typeof fork>;
  readonly #ended: Promise<unknown>;

  constructor(program: string) {
    this.#child = fork(join(BUILT, 'tests/bench', program));
    this.#ended = once(this.#child, 'exit');
    running.add(this.#child);
  }

  async ask<T>(question: object): Promise<T> {
    const answered = once(this.#child, 'message', { signal: AbortSignal.timeout(PATIENCE) });
    this.#child.send(question);
    const answer = await Promise.race([answered, this.#ended.then(() => undefined)]);
    if (answer === undefined) throw new Error(`${this.#child.spawnargs.at(-1)} ended before it answered.`);
    return answer[0];
  }
}
