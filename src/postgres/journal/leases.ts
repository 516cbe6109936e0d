// Leases by the clock of the database: a node that has stopped loses its own to another one.
import type { Lease } from '../../log/commit.ts';
import { LEASE_LIFE } from '../../log/journal.ts';
import type { Query } from '../transaction.ts';

/** A new holder raises the epoch, so that what the one before still sends is refused. */
const TAKE = `insert into plive.leases as lease (name, holder, epoch, until)
  values ($1, $2, 1, clock_timestamp() + interval '${LEASE_LIFE} ms')
  on conflict (name) do update set
    epoch = lease.epoch + case when lease.holder = excluded.holder then 0 else 1 end,
    holder = excluded.holder,
    until = excluded.until
  where lease.holder = excluded.holder or lease.until < clock_timestamp()
  returning epoch`;

const RELEASE = `update plive.leases set until = '-infinity' where name = $1 and holder = $2 and epoch = $3`;

export class Leases {
  readonly #query: Query;
  readonly #holder: string;

  /** No two processes have the same holder. */
  constructor(query: Query, holder: string) {
    this.#query = query;
    this.#holder = holder;
  }

  async take(name: string): Promise<Lease | undefined> {
    const [taken] = await this.#query<{ epoch: number }>(TAKE, [name, this.#holder]);
    return taken && { name, epoch: taken.epoch };
  }

  async release({ name, epoch }: Lease): Promise<void> {
    await this.#query(RELEASE, [name, this.#holder, epoch]);
  }
}
