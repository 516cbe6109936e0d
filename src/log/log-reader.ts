// Reads the published part of the log: from memory if the events are recent enough, else from the journal.
import { filter, firstValueFrom, fromEvent, merge, type Observable } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Batch } from './commit.ts';
import { CommitBatcher } from './commit-batcher.ts';
import { decode } from './encoding.ts';
import type { EventWindow } from './event-window.ts';
import type { Journal, StoredEvent } from './journal.ts';

export interface ReadOptions {
  /** Only events after this position. Default: 0, the start. */
  readonly after?: number;
  /** Only events up to and including this position. Default: the last published event. */
  readonly until?: number;
  /** Only events of this stream. */
  readonly stream?: string;
}

/** The range of positions to read. */
export type ReadRange = Pick<ReadOptions, 'after' | 'until'>;

export interface LogReaderParts {
  readonly journal: Journal;
  readonly window: EventWindow;
  /** Position of the last published event. */
  readonly position: () => number;
  readonly committed$: Observable<Batch>;
}

/** How many events are in a page from memory. */
const PAGE_SIZE = 1_000;

export class LogReader {
  readonly #parts: LogReaderParts;

  constructor(parts: LogReaderParts) {
    this.#parts = parts;
  }

  /** Events in order. */
  async *read(options: ReadOptions = {}): AsyncGenerator<RecordedEvent> {
    for await (const page of this.#pages(options)) yield* page;
  }

  /** Events exactly as stored in the journal, in order and in pages. */
  stored({ after = 0, until }: ReadRange): AsyncIterable<readonly StoredEvent[]> {
    return this.#parts.journal.scan({ after, until: this.#end(until) });
  }

  /** Commits in order, each complete; a commit that ends after `until` is left out. */
  async *batches(range: ReadRange = {}): AsyncGenerator<Batch> {
    const commits = new CommitBatcher();
    for await (const page of this.#pages(range)) yield* commits.take(page);
  }

  /** See `EventLog.subscribe`. */
  async *subscribe({ after, signal }: { after: number; signal: AbortSignal }): AsyncGenerator<Batch> {
    let cursor = after;
    while (!signal.aborted) {
      for await (const batch of this.batches({ after: cursor })) {
        yield batch;
        if (signal.aborted) return;
        cursor = batch.last;
      }
      // `#reached` does not notice a signal that was aborted before.
      if (cursor >= this.#parts.position() && !signal.aborted) await this.#reached(cursor + 1, signal);
    }
  }

  async *#pages({ after = 0, until, stream }: ReadOptions): AsyncGenerator<readonly RecordedEvent[]> {
    const end = this.#end(until);
    if (stream !== undefined) {
      yield* this.#journalPages({ after, until: end, stream });
      return;
    }
    let cursor = after;
    while (cursor < end) {
      const page = this.#parts.window.page(cursor, end, PAGE_SIZE) ?? (await this.#journalPage(cursor, end));
      yield page;
      cursor = page.at(-1)?.position ?? end;
    }
  }

  async #journalPage(after: number, until: number): Promise<readonly RecordedEvent[]> {
    for await (const page of this.#journalPages({ after, until })) return page;
    return [];
  }

  async *#journalPages(options: { after: number; until: number; stream?: string }): AsyncGenerator<RecordedEvent[]> {
    for await (const page of this.#parts.journal.scan(options)) yield page.map(decode);
  }

  /** Limits a read to published events. */
  #end(until = Number.POSITIVE_INFINITY): number {
    return Math.min(until, this.#parts.position());
  }

  async #reached(position: number, signal: AbortSignal): Promise<void> {
    const arrived$ = this.#parts.committed$.pipe(filter(({ last }) => last >= position));
    await firstValueFrom(merge(arrived$, fromEvent(signal, 'abort')), { defaultValue: undefined });
  }
}
