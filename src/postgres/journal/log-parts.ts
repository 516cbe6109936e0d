// What those who read and write the log share within a node.
import type { Database } from '../database.ts';
import type { ClockLead } from './clock-lead.ts';
import type { Continuity } from './continuity.ts';
import type { KnownEnd } from './known-end.ts';

export interface LogParts {
  readonly database: Database;
  readonly continuity: Continuity;
  readonly clockLead: ClockLead;
  readonly end: KnownEnd;
  /** This process, in leases and notifications: no other has the same. */
  readonly node: string;
  /** Replaces the database's clock. */
  readonly now: (() => Date) | undefined;
}
