// What the parts of the identity store have in common.
import type { IdentityStore } from '../../identity/identity-store.ts';
import type { Query } from '../transaction.ts';

/** Some calls of the identity store. */
export type StoreCalls<K extends keyof IdentityStore> = Pick<IdentityStore, K>;

/** How a part of the store reaches the database. */
export interface IdentityConnections {
  /** Reads with one statement. */
  readonly read: Query;
  /** Does the work in one transaction, which may be repeated. */
  change<T>(work: (query: Query) => Promise<T>): Promise<T>;
}

export function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id);
}
