// Checks what the inspection of the events does not see in the tables of the journal.
import type { Query } from '../transaction.ts';

const SURPLUS_HEADS = `select organization_id as id from plive.chain_heads
  group by organization_id having count(*) > 1 order by organization_id`;

/** What is wrong, as sentences. */
export async function tableFaults(query: Query): Promise<readonly string[]> {
  const surplus = await query<{ id: string }>(SURPLUS_HEADS);
  return surplus.map(({ id }) => `The table "chain_heads" has more than one row of the organisation ${id}.`);
}
