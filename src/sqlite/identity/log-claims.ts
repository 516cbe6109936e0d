// Reads what the tables of identity claim of the log.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { LogClaim } from '../../identity/log-claim.ts';

/** The claims in a database; none if it has no tables of identity. */
export function logClaims(database: DatabaseSyncInstance): readonly LogClaim[] {
  const tables = "SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table' AND name IN ('api_keys', 'links')";
  if (database.prepare(tables).get().count < 2) return [];
  return database
    .prepare(
      `SELECT 'key' AS kind, id, organization_id AS organizationId FROM api_keys
       UNION ALL SELECT 'invitation', subject_id, organization_id FROM links WHERE purpose = 'invitation'`,
    )
    .all();
}
