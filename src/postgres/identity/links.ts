// One-time links.
import type { Link, Spending } from '../../identity/identity-store.ts';
import type { Query } from '../transaction.ts';
import type { IdentityConnections, StoreCalls } from './identity-calls.ts';
import type { PendingTable } from './pending.ts';

/** A link that no other transaction can spend until this one ends. */
export interface LockedLink {
  readonly digest: string;
  readonly takenAddresses: number;
}

type Row = Omit<Link, 'organizationId'> & { readonly organizationId: string | null };

const USABLE = 'digest = $1 and purpose = $2 and expires_at > $3';

export function linkCalls(
  { read, change }: IdentityConnections,
  pending: PendingTable,
): StoreCalls<'addLink' | 'findLink' | 'spendLink'> {
  return {
    addLink: (link, replacing) =>
      change(async (query) => {
        const { digest, purpose, subjectId, organizationId, expiresAt } = link;
        if (replacing) {
          await query('delete from plive.links where purpose = $1 and subject_id = $2', [purpose, subjectId]);
        }
        const added = await query(
          `insert into plive.links (digest, purpose, subject_id, organization_id, expires_at)
           values ($1, $2, $3, $4, $5) ${replacing ? REPLACING : 'on conflict do nothing'} returning digest`,
          [digest, purpose, subjectId, organizationId, expiresAt],
        );
        return added.length > 0;
      }),
    async findLink({ link: { digest, purpose }, now }) {
      const [found] = await read<Row>(
        `select digest, purpose, subject_id as "subjectId", organization_id as "organizationId",
           expires_at as "expiresAt" from plive.links where ${USABLE}`,
        [digest, purpose, now],
      );
      return found && linkOf(found);
    },
    spendLink: (spending, workflow) =>
      change(async (query) => {
        const isSpent = await spend(query, spending);
        if (isSpent && workflow) await pending.put(query, workflow);
        return isSpent;
      }),
  };
}

/** Another node may replace the same link at the same time: the later one counts. */
const REPLACING = `on conflict (purpose, subject_id) do update set digest = excluded.digest,
  organization_id = excluded.organization_id, expires_at = excluded.expires_at, taken_addresses = 0`;

/** Locks the link of a use that would be allowed. */
export async function lockLink(query: Query, { link, now }: Spending): Promise<LockedLink | undefined> {
  const [locked] = await query<LockedLink>(
    `select digest, taken_addresses as "takenAddresses" from plive.links where ${USABLE} for update`,
    [link.digest, link.purpose, now],
  );
  return locked;
}

export async function removeLink(query: Query, { digest }: Pick<LockedLink, 'digest'>): Promise<void> {
  await query('delete from plive.links where digest = $1', [digest]);
}

/** Resolves with whether the link was still usable. */
export async function spend(query: Query, { link, now }: Spending): Promise<boolean> {
  const spent = await query(`delete from plive.links where ${USABLE} returning digest`, [
    link.digest,
    link.purpose,
    now,
  ]);
  return spent.length > 0;
}

/** Removes the links for a new password of this person. */
export async function endResetLinks(query: Query, userId: string): Promise<void> {
  await query("delete from plive.links where purpose = 'reset' and subject_id = $1", [userId]);
}

function linkOf({ organizationId, ...link }: Row): Link {
  return organizationId === null ? link : { ...link, organizationId };
}
