// Reads the published part of the log: from memory if the events are recent enough, else from the journal.
import { setImmediate as turn } from 'node:timers/promises';
import { firstValueFrom, fromEvent, merge, type Observable, filter as where } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Payer, Turn } from '../bounds/turns.ts';
import type { Batch } from './commit.ts';
import { CommitBatcher } from './commit-batcher.ts';
import { decode } from './encoding.ts';
import type { EventWindow } from './event-window.ts';
import type { Journal, StoredEvent } from './journal.ts';
import { type EventFilter, type LogPage, SLICE_EVENTS, selectsNothing, slices } from './page.ts';

/** The range of positions to read. */
export interface ReadRange {
  /** Only events after this position. Default: 0, the start. */
  readonly after?: number;
  /** Only events up to and including this position. Default: the last published event. */
  readonly until?: number;
}

export interface ReadOptions extends ReadRange {
  /** Only events of this stream. */
  readonly stream?: string;
  /** How many events are enough: pages have no more. */
  readonly limit?: number;
  /** Only events that this filter selects. Called before each page, because rights can change during a read. */
  readonly filter?: () => EventFilter;
  /** Ends the read before its next page: the read then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Looks through memory for each page when it is the reader's turn. Default: at once. */
  readonly turn?: Turn;
  /** Pays for the time that another thread takes to read. */
  readonly payer?: Pick<Payer, 'charge'>;
}

export interface SubscribeOptions extends Pick<ReadOptions, 'filter' | 'turn' | 'payer'> {
  readonly after: number;
  readonly signal: AbortSignal;
}

export interface LogReaderParts {
  readonly journal: Journal;
  readonly window: EventWindow;
  /** Position of the last published event. */
  readonly position: () => number;
  readonly committed$: Observable<Batch>;
}

/** Where one page of a read begins and ends. */
interface Step extends EventFilter {
  readonly after: number;
  readonly until: number;
  readonly stream?: string;
  readonly limit?: number;
}

export class LogReader {
  readonly #parts: LogReaderParts;

  constructor(parts: LogReaderParts) {
    this.#parts = parts;
  }

  /** Events in order. */
  async *read(options: ReadOptions = {}): AsyncGenerator<RecordedEvent> {
    for await (const { events } of this.slices(options)) yield* events;
  }

  /** See `EventLog.slices`. */
  slices(options: ReadOptions = {}): AsyncGenerator<LogPage<RecordedEvent>> {
    return this.#slices(options, (step, payer) => this.#recent(step) ?? this.#older(step, payer));
  }

  /** See `EventLog.stored`. */
  stored(options: ReadOptions = {}): AsyncGenerator<LogPage<StoredEvent>> {
    return this.#slices(options, async (step, payer) => slices(await this.#page(step, payer)));
  }

  /** Commits in order, each complete; a commit that ends after `until` is left out. */
  async *batches(range: ReadRange = {}): AsyncGenerator<Batch> {
    const commits = new CommitBatcher();
    for await (const { events } of this.slices(range)) yield* commits.take(events);
  }

  /** See `EventLog.subscribe`. */
  async *subscribe({ signal, ...options }: SubscribeOptions): AsyncGenerator<Batch> {
    const commits = new CommitBatcher();
    let { after } = options;
    while (!signal.aborted) {
      // Small pages: a client may stop reading in the middle of one, which then stays in memory.
      for await (const { events, through } of this.slices({ ...options, after, limit: SLICE_EVENTS })) {
        for (const batch of commits.takeThrough(events, { after, through })) {
          yield batch;
          if (signal.aborted) return;
        }
        after = through;
      }
      // `#reached` does not notice a signal that was aborted before.
      if (after >= this.#parts.position() && !signal.aborted) await this.#reached(after + 1, signal);
    }
  }

  /** The one loop of every read: page by page, and slice by slice within a page, with a turn for others in between. */
  async *#slices<E>(
    { after = 0, until, filter, signal, turn: inTurn = AT_ONCE, payer, ...rest }: ReadOptions,
    read: (step: Step, payer: ReadOptions['payer']) => Iterable<LogPage<E>> | Promise<Iterable<LogPage<E>>>,
  ): AsyncGenerator<LogPage<E>> {
    const end = this.#end(until);
    let cursor = after;
    while (cursor < end) {
      signal?.throwIfAborted();
      const selected = filter?.() ?? {};
      if (selectsNothing(selected)) return yield { events: [], through: end };
      const step = { ...rest, ...selected, after: cursor, until: end };
      for (const slice of await inTurn(() => read(step, payer))) {
        if (cursor > after) await turn();
        yield slice;
        cursor = slice.through;
      }
      // The journal has fewer events than were published: its file was changed by others.
      if (cursor === step.after) return;
    }
  }

  #recent(step: Step): Iterable<LogPage<RecordedEvent>> | undefined {
    const page = step.stream === undefined ? this.#parts.window.page(step) : undefined;
    return page && slices(page);
  }

  async #older(step: Step, payer: ReadOptions['payer']): Promise<Iterable<LogPage<RecordedEvent>>> {
    return decoded(await this.#page(step, payer));
  }

  async #page(step: Step, payer: ReadOptions['payer']): Promise<LogPage<StoredEvent>> {
    const page = await this.#parts.journal.page(step);
    payer?.charge({ milliseconds: page.milliseconds ?? 0 });
    return page;
  }

  /** Limits a read to published events. */
  #end(until = Number.POSITIVE_INFINITY): number {
    return Math.min(until, this.#parts.position());
  }

  async #reached(position: number, signal: AbortSignal): Promise<void> {
    const arrived$ = this.#parts.committed$.pipe(where(({ last }) => last >= position));
    await firstValueFrom(merge(arrived$, fromEvent(signal, 'abort')), { defaultValue: undefined });
  }
}

const AT_ONCE: Turn = (work) => work();

/** Decodes each slice when it is asked for. */
function* decoded(page: LogPage<StoredEvent>): Generator<LogPage<RecordedEvent>> {
  for (const { events, through } of slices(page)) yield { events: events.map(decode), through };
}
