// Workflows that have begun and not ended, each with the node that works on it.
import { randomUUID } from 'node:crypto';
import { PENDING_LEASE, type PendingWorkflow, type SharedIdentity } from '../../identity/identity-store.ts';
import type { Query } from '../transaction.ts';
import type { IdentityConnections, StoreCalls } from './identity-calls.ts';

const UNTIL = `clock_timestamp() + interval '${PENDING_LEASE} milliseconds'`;

type PendingCalls = StoreCalls<'putPending' | 'removePending' | 'takePending'> & Pick<SharedIdentity, 'renewPending'>;

/** The workflows as this node holds them. */
export class PendingTable {
  /** Random: two nodes could have the same name. */
  readonly #holder = randomUUID();

  /** Stores a workflow in the transaction of the caller. */
  async put(query: Query, { id, kind, step, data, at }: PendingWorkflow): Promise<void> {
    await query(
      `insert into plive.pending values ($1, $2, $3, $4, $5, $6, ${UNTIL})
       on conflict (id) do update set kind = $2, step = $3, data = $4, at = $5, holder = $6, until = excluded.until`,
      [id, kind, step, data, at, this.#holder],
    );
  }

  calls({ change }: IdentityConnections): PendingCalls {
    return {
      putPending: (pending) => change((query) => this.put(query, pending)),
      async removePending(id) {
        await change((query) => query('delete from plive.pending where id = $1', [id]));
      },
      takePending: async () => {
        const taken = await change((query) => query<PendingWorkflow>(TAKE, [this.#holder]));
        return [...taken].sort((a, b) => (a.id < b.id ? -1 : 1));
      },
      renewPending: async (ids) => {
        const renew = `update plive.pending set until = ${UNTIL} where id = any($1) and holder = $2`;
        await change((query) => query(renew, [ids, this.#holder]));
      },
    };
  }
}

/** Of two nodes that look at the same time, one takes what the other has not locked yet. */
const TAKE = `update plive.pending set holder = $1, until = ${UNTIL} where id in
  (select id from plive.pending where until <= clock_timestamp() order by id for update skip locked)
  returning id, kind, step, data, at`;
