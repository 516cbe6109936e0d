// What the tables of identity claim of the log: the organisation of each API key, and of each link of an invitation.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';

export interface LogClaim {
  readonly kind: 'key' | 'invitation';
  readonly id: string;
  readonly organizationId: string;
}

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
