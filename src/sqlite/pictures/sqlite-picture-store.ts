// The picture store of a single node: a table in the log's own SQLite database, behind a worker thread.
import type { PictureStore } from '../../identity/picture-store.ts';
import { WorkerLine } from '../worker-line.ts';
import type { PictureCalls } from './worker.ts';

interface SqlitePictureStoreOptions {
  /** The directory that `src/` was compiled to: the worker is loaded from there. */
  readonly root: URL;
  /** The data directory of a log. */
  readonly directory: string;
}

/** Most servers have few pictures or none: the thread starts with the first call, when the log must be open. */
export function sqlitePictureStore({ root, directory }: SqlitePictureStoreOptions): PictureStore {
  let opened: Promise<WorkerLine<PictureCalls>> | undefined;
  const open = async () => {
    const line = new WorkerLine<PictureCalls>(new URL('sqlite/pictures/worker.js', root));
    try {
      await line.call('open', directory);
      return line;
    } catch (error) {
      // The next call tries again.
      opened = undefined;
      await line.end();
      throw error;
    }
  };
  const line = () => {
    opened ??= open();
    return opened;
  };
  return {
    put: async (...given) => (await line()).call('put', ...given),
    find: async (...given) => (await line()).call('find', ...given),
    keepOnly: async (...given) => (await line()).call('keepOnly', ...given),
    organizations: async () => (await line()).call('organizations'),
    async close() {
      const running = await opened;
      opened = undefined;
      await running?.call('close').finally(() => running.end());
    },
  };
}
