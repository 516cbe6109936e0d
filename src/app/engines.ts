// Chooses the engines: the journal of the log, what reads its past, the store of identity and that of pictures. Only this
// file and the CLI depend on an engine.
import type { IdentityStore } from '../identity/identity-store.ts';
import { memoryPictures } from '../identity/memory-pictures.ts';
import type { PictureStore } from '../identity/picture-store.ts';
import type { Journal } from '../log/journal.ts';
import { MemoryJournal } from '../log/memory-journal.ts';
import type { Report } from '../log/report.ts';
import { Database, type DatabaseAddress } from '../postgres/database.ts';
import { postgresIdentityStore } from '../postgres/identity/postgres-identity-store.ts';
import { PostgresJournal } from '../postgres/journal/postgres-journal.ts';
import { Nodes } from '../postgres/nodes/nodes.ts';
import { postgresPictureStore } from '../postgres/pictures/postgres-picture-store.ts';
import { pastOnMainThread } from '../read-models/past-on-main-thread.ts';
import type { PastEngine } from '../read-models/past-question.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { sqliteIdentityStore } from '../sqlite/identity/sqlite-identity-store.ts';
import { SqliteJournal } from '../sqlite/journal/sqlite-journal.ts';
import { PastThread } from '../sqlite/pasts/past-thread.ts';
import { sqlitePictureStore } from '../sqlite/pictures/sqlite-picture-store.ts';
import { warningOf } from '../sqlite/private-files.ts';
import type { Config } from './config.ts';
import { LIMITS } from './limits.ts';
import { SNAPSHOT_FORMAT } from './snapshot-format.ts';

export interface Engines {
  readonly journal: Journal;
  /** What operators should change, as sentences. Asked for when the journal is open. */
  warnings(): readonly string[];
  /** Reads the past of the journal. `models` are the current read models. */
  pastEngine(models: ReadModels, report: Report): PastEngine;
  /** `undefined` with `AUTH=open`. */
  readonly identityStore: IdentityStore | undefined;
  readonly pictureStore: PictureStore;
  /** Absent if there can be no other nodes. */
  readonly nodes?: Nodes;
  /** Closes what the engines share, after each of them has been closed. */
  close(): Promise<void>;
}

interface EngineTerms {
  /** Where `src/` was compiled to: engines load their workers from there. */
  readonly root: URL;
  /** Replaces the clock of the log. */
  readonly now?: (() => Date) | undefined;
}

export function createEngines(config: Config, { root, now: given }: EngineTerms): Engines {
  if (config.database) return postgres(config.database, config, given);
  const now = given ?? (() => new Date());
  const directory = config.journal === 'memory' ? undefined : config.dataDir;
  const identityStore = config.auth === 'open' ? undefined : sqliteIdentityStore({ root, directory });
  const { heap, states: limits } = LIMITS.pasts;
  const close = async () => {};
  if (directory === undefined) {
    const journal = new MemoryJournal({ now });
    const pastEngine: Engines['pastEngine'] = (models) => pastOnMainThread(journal, models, limits);
    return { journal, identityStore, pictureStore: memoryPictures(), warnings: () => [], pastEngine, close };
  }
  const journal = new SqliteJournal({ directory, root, now });
  return {
    journal,
    identityStore,
    pictureStore: sqlitePictureStore({ root, directory }),
    warnings: () => [warningOf(directory)].filter((warning) => warning !== undefined),
    pastEngine: (_models, report) => new PastThread({ directory, root, limits, heap, report }),
    close,
  };
}

/** Everything is in one database, whose clock is that of the log unless there is another one. */
function postgres(address: DatabaseAddress, { auth, nodeName, onFork }: Config, now?: () => Date): Engines {
  const database = new Database(address, { nodeName });
  const journal = new PostgresJournal({ database, snapshotFormat: SNAPSHOT_FORMAT, onFork, ...(now ? { now } : {}) });
  return {
    journal,
    identityStore: auth === 'open' ? undefined : postgresIdentityStore(database),
    pictureStore: postgresPictureStore(database),
    nodes: new Nodes(database),
    warnings: () => [],
    pastEngine: (models) => pastOnMainThread(journal, models, LIMITS.pasts.states),
    close: () => database.close(),
  };
}
