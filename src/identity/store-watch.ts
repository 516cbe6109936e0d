// Watches the identity store: what fails shows in the health check until the same kind of call succeeds again.
import { JournalError } from '../log/journal.ts';
import type { Report } from '../log/report.ts';
import type { IdentityStore } from './identity-store.ts';

/** The calls that only read: they can succeed while nothing can be written. */
const READS: ReadonlySet<string> = new Set<keyof IdentityStore>([
  'findUser',
  'listPeople',
  'findSession',
  'listSessions',
  'listPlaces',
  'findKey',
  'keyUses',
  'findLink',
]);

type Kind = 'read' | 'changed';

export class StoreWatch {
  /** The store, watched. */
  readonly store: IdentityStore;
  readonly #report: Report;
  /** The reasons, as sentences for operators. */
  readonly #failures = new Map<Kind, string>();

  constructor(store: IdentityStore, report: Report) {
    this.#report = report;
    const { shared, ...calls } = store;
    const watched = Object.entries(calls).map(([name, call]) => [name, this.#watched(name, call)]);
    this.store = { ...Object.fromEntries(watched), ...(shared ? { shared } : {}) };
  }

  /** What the health check says. */
  get problems(): readonly string[] {
    return [...this.#failures].map(([kind, reason]) => `Accounts and sessions cannot be ${kind}: ${reason}`);
  }

  /** Whether the last change failed: nobody may change anything for long, so only a probe shows that it is over. */
  get needsProbe(): boolean {
    return this.#failures.has('changed');
  }

  #watched(name: string, call: (...parameters: never[]) => Promise<unknown>) {
    const kind: Kind = READS.has(name) ? 'read' : 'changed';
    return async (...parameters: never[]) => {
      try {
        const result = await call(...parameters);
        // The sweep may find nothing to remove, and then it has written nothing.
        if (name !== 'sweep') this.#failures.delete(kind);
        return result;
      } catch (error) {
        if (error instanceof JournalError) this.#failed(kind, error);
        throw error;
      }
    };
  }

  #failed(kind: Kind, error: JournalError): void {
    if (!this.#failures.has(kind)) this.#report(`accounts and sessions cannot be ${kind}`, error);
    this.#failures.set(kind, error.message);
  }
}
