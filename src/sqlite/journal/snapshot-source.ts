// The log on an open file, as snapshots are read from it in the thread of that file.
import type { SnapshotStore } from '../../log/journal.ts';
import { scanned } from '../../log/page.ts';
import type { SnapshotSource } from '../../read-models/snapshots.ts';
import type { SqliteLog } from './sqlite-log.ts';

/** Only reads: nothing is written or dropped. */
export function snapshotSource(log: SqliteLog): SnapshotSource {
  const snapshots: SnapshotStore = {
    list: async () => log.listSnapshots(),
    read: (position) => partsOf(log, position),
    write: async () => {},
    drop: async () => {},
  };
  return { snapshots, scan: (options) => scanned(options, async (next) => log.page(next)) };
}

async function* partsOf(log: SqliteLog, position: number): AsyncGenerator<string> {
  for (let part = 0; ; part += 1) {
    const text = log.readSnapshotPart(position, part);
    if (text === undefined) return;
    yield text;
  }
}
