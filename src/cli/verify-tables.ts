// Checks what no hash covers: the tables and indexes, and what the tables of identity say of the log.

import type { LogClaim } from '../identity/log-claim.ts';
import { decode } from '../log/encoding.ts';
import type { Fault } from '../log/journal.ts';
import type { Source, Storage } from './storage.ts';

/** Where the log made something: in which organisation, and at which position. */
interface Origin {
  readonly organizationId: string;
  readonly position: number;
}

export interface TablesReport {
  readonly faults: readonly Fault[];
  /** What could not be checked, and what to do about that, as sentences. */
  readonly unchecked: readonly string[];
}

export async function verifyTables(storage: Storage): Promise<TablesReport> {
  const { problems, claims, unchecked } = await storage.inspect();
  const faults = [
    ...problems.map((problem) => ({ position: 0, problem })),
    // The claims are read first: the log records a key before its secret is stored.
    ...(await storage.withLog((log) => falseClaims(claims, log))),
  ];
  return { faults, unchecked };
}

async function falseClaims(claims: readonly LogClaim[], log: Source): Promise<readonly Fault[]> {
  if (claims.length === 0) return [];
  const origins = await originsIn(log);
  return claims.flatMap(({ kind, id, organizationId }) => {
    const origin = origins.get(`${kind} ${id}`);
    if (!origin) return [{ position: 0, problem: `The database has the ${kind} ${id}, which the log never made.` }];
    if (origin.organizationId === organizationId) return [];
    const problem = `The database has the ${kind} ${id} for the organisation ${organizationId}; this event made it for ${origin.organizationId}.`;
    return [{ position: origin.position, problem }];
  });
}

const MADE = ['organization.key-created', 'organization.invitation-created'] as const;

/** By kind and id. */
async function originsIn({ scan }: Source): Promise<ReadonlyMap<string, Origin>> {
  const origins = new Map<string, Origin>();
  for await (const page of scan({ after: 0, types: MADE })) {
    for (const { type, data, organizationId, position } of page.map(decode)) {
      if (type === 'organization.key-created') origins.set(`key ${data.keyId}`, { organizationId, position });
      if (type === 'organization.invitation-created') {
        origins.set(`invitation ${data.invitationId}`, { organizationId, position });
      }
    }
  }
  return origins;
}
