// The ways in which a server is struck down, and what each of them needs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Lack, lackOfPowerCuts, lackOfTracing } from './capability.ts';
import { type FileSystem, LoopDisk } from './loop-disk.ts';
import { between, oneOf, type Random } from './random.ts';
import type { ServerProcess } from './server-process.ts';

export interface Nemesis {
  readonly name: string;
  lack(): Lack | undefined;
  /** Makes the place where the server keeps its data. */
  prepare(work: string): Place;
  /** What to inject into the server of the next cycle, for a nemesis that strikes at a call; others strike at a time. */
  inject?(random: Random): string;
}

export interface Place {
  /** Where the server keeps its data. */
  readonly directory: string;
  /** Strikes at once, and leaves the place as a restarted machine would find it. */
  strike(server: ServerProcess): Promise<void>;
  dispose(): void;
}

/** Which of the two calls syncs depends on how SQLite was built. */
export const SYNCS = 'fsync,fdatasync';

/** Calls on the write-ahead log, and the last one of them that is struck at, counted from the start of the server. */
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

/** Under this one a server that does not sync is found out. */
export const revealing = powerCut('ext4');

export const nemeses: readonly Nemesis[] = [killAtRandom, killAtCall, revealing, powerCut('xfs')];

function directoryIn(work: string, name: string): Place {
  const directory = join(work, name);
  mkdirSync(directory);
  const strike = async (server: ServerProcess) => {
    server.kill();
    await server.ended;
  };
  return { directory: join(directory, 'data'), strike, dispose: () => {} };
}

function diskIn(work: string, fileSystem: FileSystem): Place {
  const disk = new LoopDisk(fileSystem, work);
  const strike = async (server: ServerProcess) => {
    disk.cut();
    server.kill();
    await server.ended;
    disk.restore();
  };
  return { directory: join(disk.path, 'data'), strike, dispose: () => disk.dispose() };
}
