// Reads stored events in pages of bounded size: no page is a long read, and none sees the state of an earlier one.
import type { ScanOptions, StoredEvent } from '../../log/journal.ts';
import { type LogPage, PAGE } from '../../log/page.ts';
import type { Query } from '../transaction.ts';
import { walkIndex } from './index-walk.ts';

/** The columns of a stored event. */
export const COLUMNS = `position, recorded_at as "recordedAt", organization_id as "organizationId", stream, version, type,
  text, text_digest as "textDigest", meta, hash`;

/**
 * Cuts a selection of events, in their order, once it has as many bytes as a page: the lengths are known without reading the
 * texts.
 */
export function cut(selection: string): string {
  return `select * from (
      select *, sum(octet_length(text) + octet_length(meta)) over (order by position) as "bytesSoFar"
      from (${selection}) as selected
    ) as summed
    where "bytesSoFar" - octet_length(text) - octet_length(meta) < ${PAGE.characters} order by position`;
}

/** Whether a selection that was cut can have more than these rows. */
export function isCut(rows: readonly { readonly bytesSoFar: number }[], limit: number): boolean {
  return rows.length === limit || (rows.at(-1)?.bytesSoFar ?? 0) >= PAGE.characters;
}

interface Row extends StoredEvent {
  readonly bytesSoFar: number;
}

type Range = ScanOptions & { readonly until: number };

const RANGE = cut(
  `select ${COLUMNS} from plive.events where position > $1 and position <= $2 order by position limit $3`,
);
/**
 * By version: within a stream that is also the order of positions, and there is an index for it. Begins at the event where
 * the page before ended, if it was one of the stream.
 */
const OF_STREAM = cut(
  `select ${COLUMNS} from plive.events where stream = $4 and position > $1 and position <= $2
     and version > coalesce((select version from plive.events where position = $1 and stream = $4), 0)
   order by version limit $3`,
);
const AT = cut(`select ${COLUMNS} from plive.events where position = any ($1) order by position limit $2`);

/** The next page of a scan. */
export async function readPage(query: Query, options: ScanOptions): Promise<LogPage<StoredEvent>> {
  const { after, limit = PAGE.events } = options;
  // Read first: an event that is committed from now on is for the next page.
  const until = Math.min(options.until ?? Number.POSITIVE_INFINITY, await readHead(query));
  if (until <= after) return { events: [], through: after };
  const { rows, through } = await select(query, { ...options, until, limit });
  const last = rows.at(-1);
  return { events: rows.map(toEvent), through: last && isCut(rows, limit) ? last.position : through };
}

/** The position of the last event; 0 for an empty log. */
export async function readHead(query: Query): Promise<number> {
  const [row] = await query<{ head: number }>('select coalesce(max(position), 0) as head from plive.events');
  return row?.head ?? 0;
}

async function select(query: Query, range: Range & { readonly limit: number }) {
  const { after, until, stream, organizations, types, limit } = range;
  if (stream !== undefined) return { rows: await query<Row>(OF_STREAM, [after, until, limit, stream]), through: until };
  if (!organizations && !types) return { rows: await query<Row>(RANGE, [after, until, limit]), through: until };
  const { positions, through } = await walkIndex(query, range);
  return { rows: positions.length === 0 ? [] : await query<Row>(AT, [positions, limit]), through };
}

function toEvent({ bytesSoFar, ...event }: Row): StoredEvent {
  return event;
}
