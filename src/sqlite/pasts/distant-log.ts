// The log as reads of the past need it, read by a worker of the journal. Each page is a read of its own, so that none
// holds up a checkpoint.
import { readAhead } from '../../bounds/read-ahead.ts';
import type { ScanOptions, SnapshotStore, StoredEvent } from '../../log/journal.ts';
import { scanned } from '../../log/page.ts';
import type { PastLog } from '../../read-models/past-reader.ts';
import type { Calls } from '../journal/protocol.ts';
import type { PortLine } from '../worker-line.ts';

export class DistantLog implements PastLog {
  readonly snapshots: SnapshotStore = {
    list: () => this.#journal.call('listSnapshots'),
    read: (position) => readAhead(this.#snapshotParts(position)),
    // What cannot be used is passed over: only the server writes snapshots.
    write: async () => {},
    drop: async () => {},
  };
  readonly #journal: PortLine<Calls>;

  constructor(journal: PortLine<Calls>) {
    this.#journal = journal;
  }

  scan(options: ScanOptions): AsyncIterable<readonly StoredEvent[]> {
    return readAhead(scanned(options, (next) => this.#journal.call('page', next)));
  }

  async deletedAmong(aggregate: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(await this.#journal.call('deletedAmong', aggregate, ids));
  }

  async *#snapshotParts(position: number): AsyncGenerator<string> {
    for (let part = 0; ; part += 1) {
      const text = await this.#journal.call('readSnapshotPart', position, part);
      if (text === undefined) return;
      yield text;
    }
  }
}
