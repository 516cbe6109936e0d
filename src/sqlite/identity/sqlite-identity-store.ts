// The identity store of a single node: tables in the log's own SQLite database, behind a worker thread.

import type { IdentityStore } from '../../identity/identity-store.ts';
import { WorkerLine } from '../worker-line.ts';
import type { IdentityCalls } from './worker.ts';

interface SqliteIdentityStoreOptions {
  /** The directory that `src/` was compiled to: the worker is loaded from there. */
  readonly root: URL;
  /** The data directory of a log; without one everything is in memory. */
  readonly directory?: string | undefined;
}

/** The calls that are forwarded to the worker unchanged. A record, so that the compiler detects a missing call. */
const FORWARDED: Readonly<Record<Exclude<keyof IdentityStore, 'open' | 'close' | 'shared'>, true>> = {
  addUser: true,
  findUser: true,
  listPeople: true,
  renameUser: true,
  setPassword: true,
  rehash: true,
  eraseUser: true,
  addSession: true,
  findSession: true,
  listSessions: true,
  endSessions: true,
  addPlace: true,
  listPlaces: true,
  addKey: true,
  findKey: true,
  keyUses: true,
  removeKeys: true,
  addLink: true,
  findLink: true,
  spendLink: true,
  putPending: true,
  removePending: true,
  takePending: true,
  used: true,
  sweep: true,
  probe: true,
};

type Forwarded = Omit<IdentityStore, 'open' | 'close' | 'shared'>;

/** Starts the thread at once, but opens nothing yet. */
export function sqliteIdentityStore({ root, directory }: SqliteIdentityStoreOptions): IdentityStore {
  const line = new WorkerLine<IdentityCalls>(new URL('sqlite/identity/worker.js', root));
  const forward =
    (call: keyof Forwarded) =>
    (...parameters: never[]) =>
      line.call(call, ...(parameters as never));
  const forwarded = Object.fromEntries(
    Object.keys(FORWARDED).map((call) => [call, forward(call as keyof Forwarded)]),
  ) as unknown as Forwarded;
  return {
    ...forwarded,
    open: () => line.call('open', directory),
    close: () => line.call('close').finally(() => line.end()),
  };
}
