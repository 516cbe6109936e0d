// Chooses the engines: the journal of the log and the store of identity. Only this file and the CLI depend on an
// engine.
import type { IdentityStore } from '../identity/identity-store.ts';
import type { Journal } from '../log/journal.ts';
import { MemoryJournal } from '../log/memory-journal.ts';
import { sqliteIdentityStore } from '../sqlite/identity/sqlite-identity-store.ts';
import { SqliteJournal } from '../sqlite/journal/sqlite-journal.ts';
import type { Config } from './config.ts';

export interface Engines {
  readonly journal: Journal;
  /** `undefined` with `AUTH=open`. */
  readonly identityStore: IdentityStore | undefined;
}

/** `root` is where `src/` was compiled to: engines load their workers from there. */
export function createEngines(config: Config, root: URL, now: () => Date): Engines {
  const directory = config.journal === 'memory' ? undefined : config.dataDir;
  return {
    journal: directory === undefined ? new MemoryJournal({ now }) : new SqliteJournal({ directory, root, now }),
    identityStore: config.auth === 'open' ? undefined : sqliteIdentityStore({ root, directory }),
  };
}
