// What a log in PostgreSQL offers to the nodes that share it.
import type { Lease } from '../../log/commit.ts';
import { JournalError, type SharedLog, type TailStep } from '../../log/journal.ts';
import type { Query } from '../transaction.ts';
import { readHead } from './event-pages.ts';
import { forkSettled, type OnFork } from './fork.ts';
import { Leases } from './leases.ts';
import type { LogParts } from './log-parts.ts';
import { Tail } from './tail.ts';

interface SharedLogParts extends LogParts {
  readonly onFork: OnFork;
}

export class PostgresSharedLog implements SharedLog {
  readonly #parts: SharedLogParts;
  readonly #query: Query;
  readonly #tail: Tail;
  readonly #leases: Leases;

  constructor(parts: SharedLogParts) {
    this.#parts = parts;
    this.#query = (sql, values) => parts.database.query('requests', sql, values);
    this.#tail = new Tail(parts);
    this.#leases = new Leases(this.#query, parts.node);
  }

  get trouble(): string | undefined {
    const { continuity, database } = this.#parts;
    return continuity.trouble ?? database.away?.message ?? this.#tail.trouble;
  }

  get clockLead(): number {
    return this.#parts.now ? 0 : this.#parts.clockLead.milliseconds;
  }

  get epoch(): number {
    return this.#parts.continuity.epoch;
  }

  async head(): Promise<number> {
    const { trouble } = this.#parts.continuity;
    if (trouble !== undefined) throw new JournalError('away', trouble);
    return readHead(this.#query);
  }

  tail(published: () => number, signal: AbortSignal): AsyncIterable<TailStep> {
    return this.#tail.steps(published, signal);
  }

  settled(signal: AbortSignal): Promise<boolean> {
    return forkSettled(this.#parts, signal);
  }

  takeLease(name: string): Promise<Lease | undefined> {
    return this.#leases.take(name);
  }

  releaseLease(lease: Lease): Promise<void> {
    return this.#leases.release(lease);
  }
}
