// Starts the processes to measure (the built server or a floor), and reads their CPU time and memory from the kernel.
import { type ChildProcessByStdio, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, report } from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PreparedCommit } from '../../src/log/journal.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { ROOT } from '../support/root.ts';
import { createdServices } from './made-up-log.ts';

/** The directory that this program and the server were compiled to. */
const BUILT = fileURLToPath(new URL('../../', import.meta.url));

/** How long to wait for an answer of an assistant, in milliseconds. */
const TIMEOUT = 120_000;

/** The most CPU time in half a second of a server with nothing to do, in milliseconds. */
const RESTING = 10;

const running = new Set<{ kill(signal: 'SIGKILL'): unknown }>();
const directories = new Set<string>();

/** How many files each process may open: the sockets that it can have. */
export function filesAllowed(): number {
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files: { readonly soft: unknown } };
  };
  const allowed = userLimits?.open_files.soft;
  return typeof allowed === 'number' ? allowed : Number.POSITIVE_INFINITY;
}

/** Kills all running processes, and removes their directories. */
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

/** A process that serves HTTP. */
export class Running {
  readonly url: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;

  constructor(url: string, child: ChildProcessByStdio<Writable, Readable, null>) {
    this.url = url;
    this.#child = child;
  }

  /** CPU time of all threads since the start, in milliseconds. */
  async cpu(): Promise<number> {
    const tasks = `/proc/${this.#child.pid}/task`;
    let nanoseconds = 0;
    for (const task of await readdir(tasks)) {
      // A thread that has ended is not counted. The relevant threads live as long as the process.
      const stat = await readFile(`${tasks}/${task}/schedstat`, 'utf8').catch(() => '0');
      nanoseconds += Number(stat.split(' ')[0]);
    }
    return nanoseconds / 1e6;
  }

  /** Resolves when the process has rested for half a second: after its start, the server checks the whole log. */
  async idle(): Promise<void> {
    for (let before = await this.cpu(); ; ) {
      await sleep(500);
      const now = await this.cpu();
      if (now - before < RESTING) return;
      before = now;
    }
  }

  /** Resident memory of the process, in kilobytes. */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }

  /** Kills the process, or lets it close first. Resolves when it has exited. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    running.delete(this.#child);
  }
}

/** The bundled server, as `npm start` runs it. */
const SHIPPED = '../dist/src/server.js';
/** The server as separate modules, as tests run it. */
export const COMPILED = 'src/main.js';

export interface ServerOptions {
  /** Default: the bundled server. */
  readonly program?: typeof SHIPPED | typeof COMPILED;
  /** The data directory. Default: a new one. */
  readonly directory?: string;
  /** Number of services in the log at the start, in `organizations`. Default: sample data. */
  readonly services?: number;
  readonly organizations?: number;
  readonly journal?: 'sqlite' | 'memory';
  /** Whether the server writes an access log. */
  readonly isLogging?: boolean;
  /** Further environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The limit of its heap, in megabytes. */
  readonly heap?: number;
}

/** Starts the server, and waits until it has done what it does after a start: what is measured then is what it serves. */
export async function startRested(options: ServerOptions = {}): Promise<Running> {
  const server = await startServer(options);
  await server.idle();
  return server;
}

/** Starts the server on loopback. */
export async function startServer(options: ServerOptions = {}): Promise<Running> {
  const { services, organizations = 1_000, journal = 'sqlite', isLogging = false } = options;
  const { directory = await logDirectory(), program = SHIPPED, heap } = options;
  if (services !== undefined) await record(directory, createdServices(services, organizations));
  const settings = {
    PORT: '0',
    DATA_DIR: directory,
    DATABASE_URL: `${journal}:`,
    LOG_FORMAT: isLogging ? 'combined' : 'none',
    NODE_ENV: 'test',
    ...(heap === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${heap}` }),
    ...options.settings,
  };
  return start(program, settings);
}

/** Records these commits in a new log. */
export async function record(directory: string, groups: Iterable<readonly PreparedCommit[]>): Promise<void> {
  const journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  for (const group of groups) await journal.commit(group);
  await journal.close();
}

export type Floor = 'http' | 'express' | 'socket-io' | 'ws';

/** Starts the program of `floors/` with this name, and sends `input` as JSON to its standard input. */
export async function startFloor(floor: Floor, input?: unknown): Promise<Running> {
  return start(`tests/bench/floors/${floor}.js`, {}, input);
}

async function start(program: string, settings: Readonly<Record<string, string>>, input?: unknown): Promise<Running> {
  // Not the working directory, where a .env could be.
  const surroundings = { cwd: BUILT, env: { PATH: env.PATH, ...settings } };
  const child = spawn(execPath, [program], { ...surroundings, stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  child.stdin.end(input === undefined ? '' : JSON.stringify(input));
  return new Running(await addressOf(child.stdout), child);
}

/** The address in the first line of output. The rest is read and dropped, as by a log collector. */
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

/** A program of this directory that answers one question at a time over an IPC channel. */
export class Assistant {
  readonly #child: ReturnType<typeof fork>;
  readonly #ended: Promise<unknown>;

  constructor(program: string) {
    this.#child = fork(join(BUILT, 'tests/bench', program));
    this.#ended = once(this.#child, 'exit');
    running.add(this.#child);
  }

  async ask<T>(question: object): Promise<T> {
    const answered = once(this.#child, 'message', { signal: AbortSignal.timeout(TIMEOUT) });
    this.#child.send(question);
    const answer = await Promise.race([answered, this.#ended.then(() => undefined)]);
    if (answer === undefined) throw new Error(`${this.#child.spawnargs.at(-1)} ended before it answered.`);
    return answer[0];
  }
}
