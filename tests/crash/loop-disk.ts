// A disk whose power can be cut: a file system in a file, mounted through a loop device.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type FileSystem = 'ext4' | 'xfs';

/** In bytes; xfs takes no less than 300 MB. The file is sparse. */
const SIZE = 320 * 1024 * 1024;
/** Attempts to unmount: the kernel closes the files of a killed process some time later. */
const ATTEMPTS = 50;

export class LoopDisk {
  /** The mount point. */
  readonly path: string;
  readonly #image: string;

  /** Makes the disk and mounts it in a directory that exists. */
  constructor(fileSystem: FileSystem, directory: string) {
    this.path = join(directory, fileSystem);
    this.#image = `${this.path}.img`;
    const descriptor = openSync(this.#image, 'w');
    ftruncateSync(descriptor, SIZE);
    closeSync(descriptor);
    run(`mkfs.${fileSystem}`, '-q', this.#image);
    mkdirSync(this.path);
    this.#mount();
  }

  /** Cuts the power: data that was not synced before no longer reaches the disk. */
  cut(): void {
    run('xfs_io', '-x', '-c', 'shutdown', this.path);
  }

  /** Restores the power: the file system recovers from the data on the disk. */
  restore(): void {
    this.#unmount();
    this.#mount();
  }

  /** Unmounts and removes the disk. */
  dispose(): void {
    this.#unmount();
    rmSync(this.path, { recursive: true });
    rmSync(this.#image);
  }

  #mount(): void {
    run('mount', '-o', 'loop', this.#image, this.path);
  }

  #unmount(): void {
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      if (spawnSync('umount', [this.path]).status === 0) return;
      spawnSync('sleep', ['0.02']);
    }
    run('umount', this.path);
  }
}

function run(command: string, ...parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}
