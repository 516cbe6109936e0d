// How many organisations one person can create, and how many keys, invitations, teams and templates one organisation can have.
import { type Rejection, reject } from './command.ts';

/** What an earlier version let through beyond these numbers stays and works: only creating one more is rejected. */
export const QUOTAS = {
  /** Existing organisations that one person created. */
  organizations: 100,
  /** Keys of one organisation that are not revoked. An expired key counts until it is revoked. */
  keys: 200,
  /** Invitations of one organisation that are neither accepted nor revoked nor expired. */
  invitations: 200,
  /** Teams of one organisation. */
  teams: 200,
  /** Templates of one organisation. */
  templates: 200,
  /** Series of maintenance of one organisation that have not ended: each plans up to 91 occurrences. */
  series: 200,
} as const;

const SENTENCES: Readonly<Record<keyof typeof QUOTAS, string>> = {
  organizations: `You can create at most ${QUOTAS.organizations} organisations; delete one that is no longer needed.`,
  keys: `An organisation has at most ${QUOTAS.keys} API keys; revoke one that is no longer needed.`,
  invitations: `An organisation has at most ${QUOTAS.invitations} open invitations; revoke one that is no longer needed.`,
  series: `An organisation has at most ${QUOTAS.series} series of maintenance; end one that is no longer needed.`,
  teams: `An organisation has at most ${QUOTAS.teams} teams; delete one that is no longer needed.`,
  templates: `An organisation has at most ${QUOTAS.templates} templates; delete one that is no longer needed.`,
};

/** Rejects one more of this kind if there are `count` already and no more are allowed. */
export function refuseAboveQuota(kind: keyof typeof QUOTAS, count: number): Rejection | undefined {
  return count < QUOTAS[kind] ? undefined : reject('limit-reached', SENTENCES[kind]);
}
