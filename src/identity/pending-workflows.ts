// The workflows that have begun and not ended, as stored for a restart.
import type { IdentityStore, PendingWorkflow } from './identity-store.ts';

interface Parts {
  readonly store: IdentityStore;
  readonly now: () => Date;
  readonly newId: () => string;
}

interface NewWorkflow extends Pick<PendingWorkflow, 'kind' | 'step'> {
  readonly data: object;
  /** Default: a new one. */
  readonly id?: string;
}

export class PendingWorkflows {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A new workflow, not stored yet: its first step stores it, or `put` before that. `data` must be JSON. */
  begin({ kind, step, data, id = this.#parts.newId() }: NewWorkflow): PendingWorkflow {
    return { id, kind, step, data: JSON.stringify(data), at: this.#parts.now().toISOString() };
  }

  /** Stores the workflow with its next step. */
  put(pending: PendingWorkflow): Promise<void> {
    return this.#parts.store.putPending(pending);
  }

  /** Forgets the workflow: it has ended. */
  end({ id }: Pick<PendingWorkflow, 'id'>): Promise<void> {
    return this.#parts.store.removePending(id);
  }

  /** Takes over those that nobody works on, the oldest first. */
  take(): Promise<readonly PendingWorkflow[]> {
    return this.#parts.store.takePending();
  }
}
