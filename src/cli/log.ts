// `plive log`: lists events, a line each, and follows new ones.
import { setTimeout as pause } from 'node:timers/promises';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { decode } from '../log/encoding.ts';
import { expectArguments, parseArguments, wholeNumber } from './arguments.ts';
import { acceptFork } from './postgres/accept-fork.ts';
import { SOURCE, withSource } from './source.ts';
import type { Source } from './storage.ts';
import { eventLine } from './text.ts';
import { suggestion, UsageError, type Verb } from './verb.ts';

export const logVerb: Verb = {
  name: 'log',
  summary: 'List events, and follow new ones',
  usage: `plive log [--after N] [--limit N | --tail N] [--type TYPE]… [--organization ID] [--stream STREAM]
          [--follow] [--json] [--data-dir DIR | --database URL | --file FILE]
plive log accept-fork [--database URL]

Lists events, one per line. --after N starts after position N, --limit N prints the first N events, --tail N the last N.
With several --type options, events of any of these types are listed. --follow then waits for the events that a
running server records, until it is interrupted. --json prints each event as a line of JSON.

After a restored backup, or a failover that lost commits, the servers of a database stop: they have shown events that it does
not have any more. accept-fork lets them go on with the log that it has now.`,
  async run(args, surroundings) {
    if (args[0] === 'accept-fork') return acceptFork(args.slice(1), surroundings);
    const asked = parse(args);
    const print = (event: RecordedEvent) =>
      surroundings.print(`${asked.json ? JSON.stringify(event) : eventLine(event)}\n`);
    return withSource(asked.from, surroundings, async (source) => {
      const signal = asked.follow ? surroundings.interrupted() : undefined;
      for await (const event of limited(selected(source, asked, signal), asked.limit)) await print(event);
      return 0;
    });
  },
};

type Asked = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  const { values, positionals } = parseArguments(args, {
    ...SOURCE,
    after: { type: 'string' },
    limit: { type: 'string' },
    tail: { type: 'string' },
    type: { type: 'string', multiple: true },
    organization: { type: 'string' },
    stream: { type: 'string' },
    follow: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  expectArguments(positionals);
  const { type: types, organization, stream, follow = false, json = false, ...from } = values;
  const limit = wholeNumber('limit', values.limit);
  const tail = wholeNumber('tail', values.tail);
  if (limit !== undefined && tail !== undefined) throw new UsageError('Use either --limit or --tail, not both.');
  if (follow && from.file !== undefined)
    throw new UsageError('--follow needs a data directory or a database: a file gets no new events.');
  const unknown = types?.find((type) => !Object.hasOwn(EVENT_TYPES, type));
  if (unknown !== undefined) {
    throw new UsageError(`Unknown event type "${unknown}". ${suggestion(unknown, Object.keys(EVENT_TYPES))}`);
  }
  const after = wholeNumber('after', values.after) ?? 0;
  return { from, after, limit: limit ?? Number.POSITIVE_INFINITY, tail, types, organization, stream, follow, json };
}

/** How often --follow looks for new events, in milliseconds. */
const POLL = 250;

/** The selected events. With a signal, also new ones until it aborts. */
async function* selected(source: Source, asked: Asked, signal: AbortSignal | undefined): AsyncGenerator<RecordedEvent> {
  const reading = new Reading(source, asked);
  yield* asked.tail === undefined ? reading.next() : last(reading.next(), asked.tail);
  while (signal && !signal.aborted) {
    await pause(POLL, undefined, { signal }).catch(() => {});
    yield* reading.next();
  }
}

async function* limited<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  let left = limit;
  if (left === 0) return;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}

/** Reads the selected events. Each call of `next` continues where the previous one ended. */
class Reading {
  readonly #source: Source;
  readonly #asked: Asked;
  #position: number;

  constructor(source: Source, asked: Asked) {
    this.#source = source;
    this.#asked = asked;
    this.#position = start(source, asked);
  }

  /** The selected events up to the current end of the log. */
  async *next(): AsyncGenerator<RecordedEvent> {
    const { stream, organization, types } = this.#asked;
    const options = {
      after: this.#position,
      ...(stream === undefined ? {} : { stream }),
      ...(organization === undefined ? {} : { organizations: [organization] }),
      ...(types === undefined ? {} : { types }),
    };
    for await (const page of this.#source.scan(options)) {
      for (const event of page) {
        this.#position = event.position;
        yield decode(event);
      }
    }
  }
}

/** The position to start after. Without a filter, --tail can skip to the last events. */
function start({ head }: Source, { after, tail, types, organization, stream }: Asked): number {
  const isFiltered = [types, organization, stream].some((filter) => filter !== undefined);
  if (tail === undefined || head === undefined || isFiltered) return after;
  return Math.max(after, head - tail);
}

async function* last(events: AsyncIterable<RecordedEvent>, count: number): AsyncGenerator<RecordedEvent> {
  let kept: RecordedEvent[] = [];
  for await (const event of events) {
    kept.push(event);
    if (kept.length >= 2 * count + 1_000) kept = kept.slice(kept.length - count);
  }
  yield* kept.slice(Math.max(0, kept.length - count));
}
