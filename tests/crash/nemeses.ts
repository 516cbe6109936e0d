// The nemeses: the ways to kill a server or cut its power, and what each of them requires.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Lack, lackOfPowerCuts, lackOfTracing } from './capability.ts';
import { type FileSystem, LoopDisk } from './loop-disk.ts';
import type { Place } from './place.ts';
import { postgresOnDisk } from './postgres-place.ts';
import { between, oneOf, type Random } from './random.ts';
import type { ServerProcess } from './server-process.ts';
import { readStored } from './stored.ts';

export interface Nemesis {
  readonly name: string;
  lack(): Lack | undefined;
  /** Makes the place for the data of the server. */
  prepare(work: string): Place | Promise<Place>;
  /**
   * The strace injection for the server of the next cycle, if the nemesis strikes at a system call; others strike at a
   * time.
   */
  inject?(random: Random): string;
}

/** The build of SQLite determines which of the two system calls it syncs with. */
export const SYNCS = 'fsync,fdatasync';

/**
 * System calls on the write-ahead log, and the highest count of each, since the start of the server, at which to
 * strike.
 */
const CALLS = [
  [SYNCS, 60],
  ['pwrite64', 600],
] as const;

const killAtRandom: Nemesis = {
  name: 'kill -9, at random moments',
  lack: () => undefined,
  prepare: (work) => directoryIn(work, 'killed-at-random'),
};

const killAtCall: Nemesis = {
  name: 'kill -9, entering a sync or a write',
  lack: lackOfTracing,
  prepare: (work) => directoryIn(work, 'killed-at-call'),
  inject(random) {
    const [calls, last] = oneOf(random, CALLS);
    return `${calls}:signal=SIGKILL:when=${between(random, 1, last)}`;
  },
};

function powerCut(fileSystem: FileSystem): Nemesis {
  return {
    name: `power cut, ${fileSystem}`,
    lack: () => lackOfPowerCuts(fileSystem),
    prepare: (work) => diskIn(work, fileSystem),
  };
}

/** The server's machine and that of PostgreSQL lose their power together. */
const powerCutOfPostgres: Nemesis = {
  name: 'power cut of PostgreSQL, ext4',
  lack: () => lackOfPowerCuts('ext4'),
  prepare: (work) => postgresOnDisk(work),
};

/** The nemesis that reveals a server that does not sync. */
export const revealing = powerCut('ext4');

export const nemeses: readonly Nemesis[] = [killAtRandom, killAtCall, revealing, powerCut('xfs'), powerCutOfPostgres];

function directoryIn(work: string, name: string): Place {
  const directory = join(work, name);
  mkdirSync(directory);
  const strike = async (server: ServerProcess) => {
    server.kill();
    await server.ended;
  };
  return placeAt(join(directory, 'data'), strike, () => {});
}

function diskIn(work: string, fileSystem: FileSystem): Place {
  const disk = new LoopDisk(fileSystem, work);
  const strike = async (server: ServerProcess) => {
    disk.cut();
    server.kill();
    await server.ended;
    disk.restore();
  };
  return placeAt(join(disk.path, 'data'), strike, () => disk.dispose());
}

function placeAt(directory: string, strike: Place['strike'], dispose: () => void): Place {
  return { directory, strike, dispose, read: async () => readStored(directory) };
}
