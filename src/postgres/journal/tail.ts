// The tail of a log that several nodes write to: what comes after a position, by position. Notifications only say when to
// look.
import { setTimeout } from 'node:timers/promises';
import type { BlankedText, StoredEvent, TailStep } from '../../log/journal.ts';
import { JournalError } from '../../log/journal.ts';
import { PAGE } from '../../log/page.ts';
import type { Query } from '../transaction.ts';
import { LOG_STATE, LOG_STATE_TABLES, type LogState } from './continuity.ts';
import { COLUMNS, cut, isCut } from './event-pages.ts';
import type { LogParts } from './log-parts.ts';
import { News } from './news.ts';

/** The time between two attempts to connect, in milliseconds. */
const PAUSE = 250;

/** One row an event after position $2, each with the state of the log; without events one row with the state alone. */
const READ = `select * from (
    select ${LOG_STATE}, (extract(epoch from clock_timestamp()) * 1000)::bigint as clock from ${LOG_STATE_TABLES}
  ) as state left join (
    ${cut(`select ${COLUMNS}, to_json(blanks) as blanks from plive.events where position > $2 order by position limit ${PAGE.events}`)}
  ) as event on true order by position`;

interface Row extends LogState, Omit<StoredEvent, 'position'> {
  readonly clock: number;
  readonly position: number | null;
  /** `null`, like all columns of an event, where there is none. */
  readonly bytesSoFar: number;
  readonly blanks: readonly number[] | null;
}

/** Where a tail reads on, and how far the log is published. */
interface Reading {
  readonly cursor: () => number;
  readonly published: () => number;
}

export class Tail {
  readonly #parts: LogParts;
  #trouble: string | undefined;

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  /** Why there are no steps. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** The steps of `SharedLog.tail`. Ends when the signal aborts, or when the database has another log. */
  async *steps(published: () => number, signal: AbortSignal): AsyncGenerator<TailStep> {
    const { continuity } = this.#parts;
    let read = 0;
    // Events that were read can be the first ones of a commit that is not published yet.
    const cursor = () => Math.max(read, published());
    for (let attempts = 1; !signal.aborted; attempts += 1) {
      try {
        for await (const step of this.#connected({ cursor, published }, signal)) {
          attempts = 0;
          this.#trouble = undefined;
          yield step;
          read = step.events.at(-1)?.position ?? read;
        }
      } catch (error) {
        if (continuity.trouble !== undefined) return;
        // A connection that breaks after a step is replaced at once, and that is no trouble.
        if (attempts > 0) await this.#pause(error, signal);
      }
    }
  }

  async #pause(error: unknown, signal: AbortSignal): Promise<void> {
    this.#trouble = error instanceof JournalError ? error.message : String(error);
    await setTimeout(PAUSE, undefined, { signal, ref: false }).catch(() => {});
  }

  /** The steps of one connection. Throws a `JournalError` when it is lost. */
  async *#connected({ cursor, published }: Reading, signal: AbortSignal): AsyncGenerator<TailStep> {
    const { database, continuity, end, node } = this.#parts;
    const connection = await database.connect();
    try {
      const other: Query = (sql, values) => database.query('requests', sql, values);
      const news = await News.of(connection, { other, node, published, signal });
      while (!signal.aborted) {
        const step = await this.#read(connection.query, cursor());
        continuity.advance(step.events);
        end.follow(step.events);
        yield step;
        if (step.events.length === 0) await news.next();
      }
    } finally {
      // Not waited for: a connection that was cut does not end for long.
      connection.client.end().catch(() => {});
    }
  }

  async #read(query: Query, cursor: number): Promise<TailStep> {
    const { continuity, clockLead } = this.#parts;
    // Commits of this node can be ahead of the cursor.
    const { known } = continuity;
    const sent = Date.now();
    const rows = await query<Row>(READ, [known.position, cursor]);
    const [state] = rows as readonly [Row];
    clockLead.observe(state.clock, { sent, received: Date.now() });
    continuity.check(known, state);
    const found = rows.filter((row): row is Row & { position: number } => row.position !== null);
    found.forEach(({ position }, index) => {
      if (position !== cursor + index + 1) continuity.fail(holeAt(cursor + index + 1));
    });
    const asOf = isCut(found, PAGE.events) ? undefined : sent;
    return { events: found.map(toEvent), blanked: await blankedBy(query, found), asOf };
  }
}

/** Read after the events, so that what was blanked since is blank, too. */
async function blankedBy(
  query: Query,
  events: readonly (Pick<Row, 'blanks'> & { readonly position: number })[],
): Promise<readonly BlankedText[]> {
  const targets = events.flatMap(({ position: by, blanks }) => (blanks ?? []).map((position) => ({ position, by })));
  if (targets.length === 0) return [];
  const rows = await query<{ position: number; text: string }>(
    'select position, text from plive.events where position = any ($1)',
    [targets.map(({ position }) => position)],
  );
  const texts = new Map(rows.map(({ position, text }) => [position, text]));
  return targets.map((target) => ({ ...target, text: texts.get(target.position) ?? '' }));
}

function toEvent(row: Row & { readonly position: number }): StoredEvent {
  const { position, recordedAt, organizationId, stream, version, type, text, textDigest, meta, hash } = row;
  return { position, recordedAt, organizationId, stream, version, type, text, textDigest, meta, hash };
}

function holeAt(position: number): string {
  return `The log is damaged: it has no event at position ${position}. Restore the database from a backup.`;
}
