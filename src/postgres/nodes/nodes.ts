// The nodes that share a database: each says that it is there, and operators list them.
import { randomUUID } from 'node:crypto';
import type { Database } from '../database.ts';
import { DATA_VERSION } from '../migrations.ts';
import type { Query } from '../transaction.ts';

/** What a node says of itself. */
export interface NodeState {
  readonly version: string;
  /** Position up to which it has read the log. */
  readonly position: number;
  /** The origin that people use, if the node knows it. */
  readonly url: string | undefined;
}

/** A row that has just been written by another process. */
export interface Neighbour {
  readonly name: string;
  readonly url: string | null;
}

/** A node as it is listed. */
export interface ListedNode {
  readonly name: string;
  readonly version: string;
  /** The version of tables and events that it knows; `null` if it is from before nodes said so. */
  readonly dataVersion: number | null;
  readonly position: number;
  readonly url: string | null;
  /** The leases that it holds. */
  readonly leases: readonly string[];
  /** When it last said that it is there. */
  readonly lastContact: string;
}

/** After what time without a word a node is no neighbour any more, and when its row is removed. */
const RECENT = "interval '10 seconds'";
const STORED = "interval '1 day'";

/** The row before this statement is that of another process, if two nodes have one name. */
const ANNOUNCE = `
  with own as (
    insert into plive.nodes as node (name, process, version, data_version, position, url, at)
    values ($1, $2, $3, ${DATA_VERSION}, $4, $5, clock_timestamp())
    on conflict (name) do update set process = excluded.process, version = excluded.version,
      data_version = excluded.data_version, position = excluded.position, url = excluded.url, at = excluded.at
  ), old as (
    delete from plive.nodes where at < clock_timestamp() - ${STORED} and name <> $1
  )
  select name, url from plive.nodes
  where (name <> $1 or process <> $2) and at > clock_timestamp() - ${RECENT} order by name`;

const LEAVE = 'delete from plive.nodes where name = $1 and process = $2';

const LIST = `select name, version, data_version as "dataVersion", position, url, to_json(at at time zone 'utc') as at, coalesce((
    select json_agg(lease.name order by lease.name) from plive.leases as lease
    where split_part(holder, ' ', 1) = node.name and until > clock_timestamp()), '[]') as leases
  from plive.nodes as node order by name`;

const OLDER = `select name from plive.nodes
  where coalesce(data_version, 0) < $1 and at > clock_timestamp() - ${RECENT} order by name`;

export class Nodes {
  readonly #query: Query;
  readonly #name: string;
  readonly #process = randomUUID();

  constructor(database: Database) {
    this.#query = (sql, values) => database.query('requests', sql, values);
    this.#name = database.nodeName;
  }

  /** Says that this node is there. Resolves with the others, which include one of the same name. */
  announce({ version, position, url }: NodeState): Promise<readonly Neighbour[]> {
    return this.#query<Neighbour>(ANNOUNCE, [this.#name, this.#process, version, position, url]);
  }

  /** Says that this node is no longer there. */
  async leave(): Promise<void> {
    await this.#query(LEAVE, [this.#name, this.#process]);
  }
}

/** All nodes that have been there within a day, except those that were stopped. */
export async function listNodes(query: Query): Promise<readonly ListedNode[]> {
  const rows = await query<Omit<ListedNode, 'lastContact'> & { readonly at: string }>(LIST);
  return rows.map(({ at, ...node }) => ({ ...node, lastContact: new Date(`${at}Z`).toISOString() }));
}

/** The names of the nodes that are there now and know less than this version of tables and events. */
export async function olderNodes(query: Query, dataVersion: number): Promise<readonly string[]> {
  const rows = await query<{ name: string }>(OLDER, [dataVersion]);
  return rows.map(({ name }) => name);
}
