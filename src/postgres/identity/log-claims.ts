// Reads what the tables of identity claim of the log.
import type { LogClaim } from '../../identity/log-claim.ts';
import type { Query } from '../transaction.ts';

const CLAIMS = `select 'key' as kind, id, organization_id as "organizationId" from plive.api_keys
  union all select 'invitation', subject_id, organization_id from plive.links where purpose = 'invitation'`;

export function logClaims(query: Query): Promise<readonly LogClaim[]> {
  return query<LogClaim>(CLAIMS);
}
