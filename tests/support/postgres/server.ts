// A PostgreSQL server of a test's own: real, in a temporary directory, on a free port of the loopback interface.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { directoryOfPrograms, RUNNER } from './programs.ts';

const HOST = '127.0.0.1';
const SUPERUSER = 'postgres';
/** Systems hand ports from 32768 on out to outgoing connections: a server that starts again could find its port taken. */
const PORTS = { first: 20_000, end: 32_768 };
const SETTINGS = [`listen_addresses=${HOST}`, 'unix_socket_directories=', 'max_connections=200', 'shared_buffers=32MB'];
/** Stops the server whose data is in the directory `$0`, and removes that, when the process at the other end of the pipe ends. */
const WATCH = `cat > /dev/null
  pid=$(head -n 1 "$0/data/postmaster.pid" 2> /dev/null) && kill -QUIT "$pid" && while kill -0 "$pid"; do sleep 0.1; done
  rm -rf "$0"`;

interface ServerOptions {
  /** Where the directory of its data is made. */
  readonly parent?: string;
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
}

/** A running server. It ends with the process that started it, however that ends. */
export class PostgresServer {
  /** The address of the superuser's database. */
  readonly url: string;
  readonly #directory: string;
  readonly #settings: readonly string[];
  readonly #port: number;
  readonly #watch: ChildProcess;
  #server: ChildProcess | undefined;

  private constructor(directory: string, port: number, password: string, settings: readonly string[]) {
    this.#settings = settings;
    this.url = `postgres://${SUPERUSER}:${password}@${HOST}:${port}/postgres`;
    this.#directory = directory;
    this.#port = port;
    this.#watch = spawn('sh', ['-c', WATCH, directory], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    this.#watch.unref();
  }

  /** Makes and starts a server. The caller must dispose of it. */
  static async create({ parent = tmpdir(), settings = [] }: ServerOptions = {}): Promise<PostgresServer> {
    const directory = await mkdtemp(join(parent, 'plive-postgres-'));
    const [port, password] = [await freePort(), randomBytes(12).toString('hex')];
    const server = new PostgresServer(directory, port, password, [...SETTINGS, ...settings]);
    await server.#initialise(password);
    await server.start();
    return server;
  }

  /** Starts the server, also after a stop, on the same port and with the same data. */
  async start(): Promise<void> {
    const settings = this.#settings.flatMap((setting) => ['-c', setting]);
    const program = join(directoryOfPrograms(), 'postgres');
    const server = spawn(program, ['-D', this.#data, '-p', String(this.#port), ...settings], {
      ...RUNNER,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#server = server;
    await isReady(server);
  }

  get #data(): string {
    return join(this.#directory, 'data');
  }

  async #initialise(password: string): Promise<void> {
    const passwordFile = join(this.#directory, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    const { uid, gid } = RUNNER;
    if (uid !== undefined && gid !== undefined) {
      for (const path of [this.#directory, passwordFile]) await chown(path, uid, gid);
    }
    const names = [`--username=${SUPERUSER}`, '--auth=password', `--pwfile=${passwordFile}`];
    const options = [...names, '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', `--pgdata=${this.#data}`];
    await promisify(execFile)(join(directoryOfPrograms(), 'initdb'), options, RUNNER);
  }

  /** Stops the server as `pg_ctl stop -m immediate` does: without a word to its clients, as a crash. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
  }

  /** Stops the server and removes its data. */
  async dispose(): Promise<void> {
    await this.stop();
    this.#watch.ref();
    const removed = once(this.#watch, 'exit');
    this.#watch.stdin?.end();
    await removed;
  }
}

function isReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    // Read to the end, also when nobody waits any more: a server that cannot write its log stands still.
    server.stderr?.on('data', (chunk) => {
      if (log.length < 10_000) log += chunk;
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
}

export async function freePort(): Promise<number> {
  const port = PORTS.first + Math.floor(Math.random() * (PORTS.end - PORTS.first));
  const listener = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    listener.once('error', () => resolve(false));
    listener.listen(port, HOST, () => resolve(true));
  });
  if (!isFree) return freePort();
  listener.close();
  await once(listener, 'close');
  return port;
}
