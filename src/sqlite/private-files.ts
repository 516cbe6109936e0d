// Keeps other users of the machine out of a data directory: the directory has mode 700, each file in it 600.
import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

const PRIVATE_DIRECTORY = 0o700;
export const PRIVATE_FILE = 0o600;
/** All rights of the group and of others. */
const RIGHTS_OF_OTHERS = 0o077;
/** Directories like `/tmp`, which all users share. */
const STICKY = 0o1000;

/**
 * Takes the rights of other users to a directory and to those of the files that exist. What belongs to another user,
 * and a directory that all users share, stays as it is: see `warningOf`.
 */
export function makePrivate(directory: string, files: readonly string[]): void {
  const { mode } = statSync(directory);
  if ((mode & STICKY) === 0) restrict(directory, PRIVATE_DIRECTORY);
  for (const file of files) restrict(file, PRIVATE_FILE);
}

/** Creates an empty file, if there is none, that only this user can open: SQLite would let all others read it. */
export function createPrivate(file: string): void {
  closeSync(openSync(file, 'a', PRIVATE_FILE));
}

/** A sentence for operators if others can still open the directory. */
export function warningOf(directory: string): string | undefined {
  if (!isOpenToOthers(directory)) return undefined;
  return (
    `Other users of this machine may be able to read the data in ${directory}, which belongs to another user or is ` +
    'shared: use a directory of its own, with mode 700.'
  );
}

function restrict(path: string, mode: number): void {
  if (!isOpenToOthers(path)) return;
  try {
    chmodSync(path, mode);
  } catch (error) {
    if (!isNotOurs(error)) throw error;
  }
}

/** `false` if there is nothing at this path. */
function isOpenToOthers(path: string): boolean {
  const { mode = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return (mode & RIGHTS_OF_OTHERS) !== 0;
}

function isNotOurs(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPERM' || code === 'EROFS';
}
