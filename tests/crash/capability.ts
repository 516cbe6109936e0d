// What a machine must be able to do for a nemesis or a fault, and why it cannot.
import { spawnSync } from 'node:child_process';
import { env, execPath, getuid } from 'node:process';

/** Options of `unshare` by which all that a program started or mounted ends with it. */
export const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Why something cannot be done here. */
export interface Lack {
  readonly reason: string;
  /** Whether root could change that by installing a package. */
  readonly installable: boolean;
}

/** A lack that must not be passed over in silence: continuous integration runs as root and installs what it needs. */
export function isInexcusable({ installable }: Lack): boolean {
  return env.CI === 'true' && installable && getuid?.() === 0;
}

export function lackOfTracing(): Lack | undefined {
  if (!runs('strace', '-V')) return { reason: 'needs strace', installable: true };
  if (!runs('strace', '-qq', '-o', '/dev/null', 'true')) return refused('needs the right to trace processes');
  return undefined;
}

/** Namespaces of our own, in which alone a mount is sure to go with us, take root and more than some containers have. */
export function lackOfMounting(): Lack | undefined {
  return runs('unshare', ...NAMESPACES, execPath, '--version') ? undefined : refused('needs the right to mount');
}

/** Also tries a loop device, which containers often lack. */
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
