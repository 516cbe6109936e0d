// The built server as a child process: starts it on a directory, optionally under strace to inject a fault, and kills
// it.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The directory that this program and the server were compiled to. */
export const BUILT = fileURLToPath(new URL('../../', import.meta.url));

export interface ServerOptions {
  /** The DATA_DIR of the server. */
  readonly directory: string;
  /** The directory of the compiled server. Default: the build of this program. */
  readonly built?: string;
  /** The strace injection into its system calls on the write-ahead log, such as `fsync:error=EIO:when=3`. */
  readonly inject?: string;
  /** Further environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly code: number | null;
  /** Its standard error output. */
  readonly complaints: string;
}

const running = new Set<ServerProcess>();

/** Kills all running servers. */
export function killServers(): void {
  for (const server of running) server.kill();
}

export class ServerProcess {
  /** Resolves when the process has exited. */
  readonly ended: Promise<unknown>;
  /** Resolves when it has exited and all its output was read. The exit code is `null` if a signal ended it. */
  readonly outcome: Promise<Outcome>;
  /** Its standard error output so far. */
  complaints = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #address: Promise<string | undefined>;

  constructor({ directory, built = BUILT, inject, environment }: ServerOptions) {
    const [command, ...parameters] = [...tracing(directory, inject), execPath, join(built, 'src/server.js')];
    this.#child = spawn(command as string, parameters, {
      cwd: built,
      env: { PATH: env.PATH, PORT: '0', DATA_DIR: directory, LOG_FORMAT: 'none', NODE_ENV: 'test', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this);
    this.ended = once(this.#child, 'exit').finally(() => running.delete(this));
    this.#child.stderr.on('data', (text) => {
      this.complaints += text;
    });
    this.outcome = once(this.#child, 'close').then(([code]) => ({ code, complaints: this.complaints }));
    const address = new Promise<string | undefined>((resolve) => {
      let printed = '';
      this.#child.stdout.on('data', (text) => {
        printed += text;
        const [, found] = /listens on (http:\S+)/.exec(printed) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    this.#address = Promise.race([address, this.ended.then(() => undefined)]);
  }

  /** Resolves with its address when it serves requests, or with `undefined` if it exits first. */
  listening(): Promise<string | undefined> {
    return this.#address;
  }

  /** Kills the server immediately, or sends another signal. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}

/**
 * `-D` makes the server a child of this process and strace a grandchild, so signals and exit codes are those of the
 * server. Do not add `--seccomp-bpf`: with it, strace 6.1 delivers no signals.
 */
function tracing(directory: string, inject: string | undefined): readonly string[] {
  if (inject === undefined) return [];
  const calls = inject.slice(0, inject.indexOf(':'));
  const options = ['-D', '-f', '-qq', '-o', '/dev/null', '-P', join(directory, 'plive.db-wal')];
  return ['strace', ...options, '-e', `trace=${calls}`, '-e', `inject=${inject}`];
}
