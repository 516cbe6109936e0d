// Checks what no hash covers: the pages and indexes of the database, and what the tables of identity say of the log.
import { decode } from '../log/encoding.ts';
import type { Fault } from '../log/journal.ts';
import { type LogClaim, logClaims } from '../sqlite/identity/log-claims.ts';
import { tableFaults } from '../sqlite/journal/table-check.ts';
import { asJournalError } from '../sqlite/journal-error.ts';
import { openLogFileToRead } from '../sqlite/log-file.ts';
import { type Source, withLog } from './source.ts';
import type { Surroundings } from './verb.ts';

/** Where the log made something: in which organisation, and at which position. */
interface Origin {
  readonly organizationId: string;
  readonly position: number;
}

/** A fault that concerns no event has the position 0. */
export async function verifyDatabase(
  directory: string,
  { root }: Pick<Surroundings, 'root'>,
): Promise<readonly Fault[]> {
  const { problems, claims } = inspect(directory);
  return [
    ...problems.map((problem) => ({ position: 0, problem })),
    // The claims are read first: the log records a key before its secret is stored.
    ...(await withLog({ directory, root }, (log) => falseClaims(claims, log))),
  ];
}

function inspect(directory: string): { problems: readonly string[]; claims: readonly LogClaim[] } {
  try {
    const { database, close } = openLogFileToRead(directory);
    try {
      return { claims: logClaims(database), problems: tableFaults(database) };
    } finally {
      close();
    }
  } catch (error) {
    return { claims: [], problems: [asJournalError(error).message] };
  }
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
