// Runs this program again in separate namespaces, so that its processes, mounts and loop devices end with it in every
// case.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, execPath, exit } from 'node:process';
import { NAMESPACES } from './capability.ts';
import { killServers } from './server-process.ts';

/** Makes a directory for one run. It is removed when this process ends, also on Ctrl-C. */
export function temporaryWork(): string {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'plive-crash-')));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => exit(code));
  }
  process.on('exit', () => {
    killServers();
    rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return work;
}

/** Runs this program again with one more option. Resolves with its exit code. */
export async function runIsolated(option: string): Promise<number> {
  const inner = spawn('unshare', [...NAMESPACES, execPath, ...argv.slice(1), option], { stdio: 'inherit' });
  // The kernel then kills every process in the namespace.
  process.on('exit', () => inner.kill('SIGKILL'));
  const [code] = await once(inner, 'exit');
  return code ?? 1;
}
