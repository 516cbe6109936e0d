// Reads the log in PostgreSQL for verification, in short reads: none holds a snapshot of the database for long.
import type { ChainHead } from '../../../projections/chain/chain.ts';
import type { Before, Evidence } from '../../../projections/chain/evidence.ts';
import { JournalError, type StoredEvent } from '../../log/journal.ts';
import type { Query } from '../transaction.ts';
import { readPage } from './event-pages.ts';

type ChainHeads = ReadonlyMap<string, ChainHead>;

/** The heads, and the position of the last event when they were read. */
interface Heads {
  readonly chainHeads: ChainHeads;
  readonly head: number;
}

/**
 * All events after those of `past`, including those that are recorded meanwhile, and before and after them the log's record of
 * its heads. If something cannot be read, that is the last item.
 */
export async function* storedEvidence(query: Query, past = new Past(query)): AsyncGenerator<readonly Evidence[]> {
  try {
    yield [await readHeads(query)];
    let cursor = past.position;
    let heads: Heads;
    do {
      for (;;) {
        const { events, through } = await readPage(query, { after: cursor });
        if (events.length === 0) break;
        await past.prepare(events);
        yield events;
        cursor = through;
      }
      heads = await readHeads(query);
      // Only if nothing was recorded meanwhile do these heads belong to the last event that was read.
    } while (heads.head > cursor);
    await past.prepare([...heads.chainHeads.keys()].map((organizationId) => ({ organizationId })));
    yield [heads];
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'failed') throw error;
    yield [{ unreadable: { name: 'unreadable', reason: error.message } }];
  }
}

async function readHeads(query: Query): Promise<Heads> {
  const rows = await query<ChainHead & { organizationId: string | null; head: number }>(HEADS);
  const heads = rows.flatMap(({ organizationId, position, hash }) =>
    organizationId === null ? [] : [[organizationId, { position, hash }] as const],
  );
  return { chainHeads: new Map(heads), head: rows[0]?.head ?? 0 };
}

/** In one statement, so that the heads are those of the last event. */
const HEADS = `select head, organization_id as "organizationId", position, hash
  from (select coalesce(max(position), 0) as head from plive.events) as event left join (
    select distinct on (organization_id) organization_id, position, hash
    from plive.chain_heads order by organization_id, position desc) as newest on true`;

/** The recorded state up to a position, by default the beginning: read for some streams and organisations before it is asked for them. */
export class Past implements Before {
  readonly #query: Query;
  readonly #head: ReturnType<Before['head']>;
  readonly #versions = new Map<string, number>();
  readonly #chainHeads = new Map<string, string | undefined>();

  constructor(query: Query, head: ReturnType<Before['head']> = { position: 0, recordedAt: '' }) {
    this.#query = query;
    this.#head = head;
  }

  static async upTo(position: number, query: Query): Promise<Past> {
    const [head] = await query<{ position: number; recordedAt: string }>(HEAD_AT, [position]);
    return new Past(query, head);
  }

  get position(): number {
    return this.#head.position;
  }

  /** Reads what inspecting these needs. */
  async prepare(events: readonly Pick<StoredEvent, 'organizationId'>[] | readonly StoredEvent[]): Promise<void> {
    if (this.position === 0) return;
    const streams = missing(
      events.flatMap((event) => ('stream' in event ? [event.stream] : [])),
      this.#versions,
    );
    const organizations = missing(
      events.map(({ organizationId }) => organizationId),
      this.#chainHeads,
    );
    for (const { name, version } of await this.#read<{ version: number | null }>(VERSIONS, streams)) {
      this.#versions.set(name, version ?? 0);
    }
    for (const { name, hash } of await this.#read<{ hash: string | null }>(CHAIN_HEADS, organizations)) {
      this.#chainHeads.set(name, hash ?? undefined);
    }
  }

  head() {
    return this.#head;
  }

  version(stream: string): number {
    return this.#versions.get(stream) ?? 0;
  }

  chainHead(organizationId: string): string | undefined {
    return this.#chainHeads.get(organizationId);
  }

  async #read<Row extends object>(sql: string, names: string[]): Promise<readonly (Row & { readonly name: string })[]> {
    return names.length === 0 ? [] : this.#query(sql, [names, this.position]);
  }
}

const HEAD_AT = `select position, recorded_at as "recordedAt" from plive.events where position <= $1
  order by position desc limit 1`;
const VERSIONS = `select name, (select version from plive.events where stream = name and position <= $2
    order by version desc limit 1) from unnest($1::text[]) as name`;
const CHAIN_HEADS = `select name, (select case when organization_id = name then hash end from plive.events
    where (organization_id, position) <= (name, $2) order by organization_id desc, position desc limit 1) as hash
  from unnest($1::text[]) as name`;

function missing(names: readonly string[], known: ReadonlyMap<string, unknown>): string[] {
  return [...new Set(names)].filter((name) => !known.has(name));
}
