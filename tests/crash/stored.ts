// Reads the events in the database of a data directory directly, without asking the server that runs on it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { StoredEvent } from '../../src/log/journal.ts';
import { type VerifyReport, verify } from '../../src/log/verify.ts';

const READER = fileURLToPath(new URL('./read-stored.js', import.meta.url));
const MAX_BYTES = 2 ** 30;

/**
 * All stored events. A child process reads them, because the SQLite package closes the files of a database only after
 * its statements are garbage collected, and a disk with open files cannot be unmounted.
 */
export function readStored(directory: string): readonly StoredEvent[] {
  const parameters = ['--disable-warning=ExperimentalWarning', READER, join(directory, 'plive.db')];
  const json = execFileSync(execPath, parameters, {
    encoding: 'utf8',
    maxBuffer: MAX_BYTES,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(json);
}

export function verifyStored(events: readonly StoredEvent[]): Promise<VerifyReport> {
  return verify(
    (async function* () {
      yield events;
    })(),
  );
}
