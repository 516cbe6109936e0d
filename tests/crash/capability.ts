// Checks whether this machine can run a nemesis or inject a fault, and gives the reason if it cannot.
import { spawnSync } from 'node:child_process';
import { env, execPath, getuid } from 'node:process';

/** Options of `unshare` that end all processes and mounts of a program together with it. */
export const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Why this machine cannot run something. */
export interface Lack {
  readonly reason: string;
  /** Whether installing a package would help. */
  readonly installable: boolean;
}

/** Whether a run must fail instead of skipping: CI runs as root, so missing packages must be installed there. */
export function isInexcusable({ installable }: Lack): boolean {
  return env.CI === 'true' && installable && getuid?.() === 0;
}

export function lackOfTracing(): Lack | undefined {
  if (!runs('strace', '-V')) return { reason: 'needs strace', installable: true };
  if (!runs('strace', '-qq', '-o', '/dev/null', 'true')) return refused('needs the right to trace processes');
  return undefined;
}

/**
 * Mounts are made in separate namespaces, so that they end with this process. That takes root and rights that some
 * containers lack.
 */
export function lackOfMounting(): Lack | undefined {
  return runs('unshare', ...NAMESPACES, execPath, '--version') ? undefined : refused('needs the right to mount');
}

/** Also checks for a free loop device, which containers often lack. */
export function lackOfPowerCuts(fileSystem: string): Lack | undefined {
  if (lackOfMounting()) return lackOfMounting();
  if (!runs('xfs_io', '-V')) return { reason: 'needs xfs_io (xfsprogs)', installable: true };
  if (!runs(`mkfs.${fileSystem}`, '-V')) return { reason: `needs mkfs.${fileSystem}`, installable: true };
  if (!runs('losetup', '--find')) return refused('needs loop devices');
  return undefined;
}

function refused(reason: string): Lack {
  return { reason, installable: false };
}

function runs(command: string, ...parameters: readonly string[]): boolean {
  return spawnSync(command, parameters, { stdio: 'ignore' }).status === 0;
}
