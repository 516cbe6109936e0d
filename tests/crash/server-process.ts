// The built server in a process of its own: started on a directory, traced where a fault is to be injected, and killed.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Where this program and the server that it belongs to were compiled to. */
export const BUILT = fileURLToPath(new URL('../../', import.meta.url));

export interface ServerOptions {
  /** Its DATA_DIR. */
  readonly directory: string;
  /** Where it was compiled to; beside this program, unless told. */
  readonly built?: string;
  /** What strace does to its calls on the write-ahead log, such as `fsync:error=EIO:when=3`. */
  readonly inject?: string;
}

export interface Outcome {
  readonly code: number | null;
  /** What it wrote to standard error. */
  readonly complaints: string;
}

const running = new Set<ServerProcess>();

/** Kills every server that still runs. */
export function killServers(): void {
  for (const server of running) server.kill();
}

export class ServerProcess {
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>;
  /** Resolves when it is gone and all that it said was heard: its exit code, if no signal ended it, and its complaints. */
  readonly outcome: Promise<Outcome>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #printed: Promise<string | undefined>;

  constructor({ directory, built = BUILT, inject }: ServerOptions) {
    const [command, ...parameters] = [...tracing(directory, inject), execPath, join(built, 'src/main.js')];
    this.#child = spawn(command as string, parameters, {
      cwd: built,
      env: { PATH: env.PATH, PORT: '0', DATA_DIR: directory, LOG_FORMAT: 'none', NODE_ENV: 'test' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this);
    this.ended = once(this.#child, 'exit').finally(() => running.delete(this));
    let complaints = '';
    this.#child.stderr.on('data', (text) => {
      complaints += text;
    });
    this.outcome = once(this.#child, 'close').then(([code]) => ({ code, complaints }));
    const firstLine = once(this.#child.stdout, 'data').then(([line]) => String(line));
    this.#printed = Promise.race([firstLine, this.ended.then(() => undefined)]);
  }

  /** Its address once it listens; `undefined` if it ended before. */
  async listening(): Promise<string | undefined> {
    return (await this.#printed)?.match(/http:\S+/)?.[0];
  }

  /** Ends it at once, in the middle of whatever it does, unless told to let it finish (SIGTERM). */
  kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}

/**
 * `-D` makes the server our own child and strace its grandchild: signals and exit codes are the server's.
 * Without `--seccomp-bpf`, under which strace 6.1 delivers no signals.
 */
function tracing(directory: string, inject: string | undefined): readonly string[] {
  if (inject === undefined) return [];
  const calls = inject.slice(0, inject.indexOf(':'));
  const options = ['-D', '-f', '-qq', '-o', '/dev/null', '-P', join(directory, 'plive.db-wal')];
  return ['strace', ...options, '-e', `trace=${calls}`, '-e', `inject=${inject}`];
}
