// Transactions that are repeated where PostgreSQL has ended them in favour of others.
import type { Database, Purpose } from './database.ts';
import { PostgresError } from './journal-error.ts';
import type { Query } from './transaction.ts';

const ATTEMPTS = 4;

/** Like `Database.transaction`, but repeats the work, which must be nothing but queries. */
export async function repeatedTransaction<T>(
  database: Database,
  purpose: Purpose,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction(purpose, work);
    } catch (error) {
      const isRepeatable = error instanceof PostgresError && error.isRepeatable;
      if (!isRepeatable || attempt === ATTEMPTS) throw error;
    }
  }
}
