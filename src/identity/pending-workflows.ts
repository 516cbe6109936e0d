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
  /** Ids of those that this process works on. */
  readonly #inProgress = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether other nodes take over what this one leaves. */
  get isShared(): boolean {
    return this.#parts.store.shared !== undefined;
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

  /** Works on a workflow. Until the work has ended, no other node takes it over. */
  async during<T>({ id }: Pick<PendingWorkflow, 'id'>, work: () => Promise<T>): Promise<T> {
    this.#inProgress.add(id);
    try {
      return await work();
    } finally {
      this.#inProgress.delete(id);
    }
  }

  /** Says of those that this process works on that it still does. */
  async renew(): Promise<void> {
    if (this.#inProgress.size > 0) await this.#parts.store.shared?.renewPending([...this.#inProgress]);
  }

  /** Takes over those that nobody works on, the oldest first. */
  take(): Promise<readonly PendingWorkflow[]> {
    return this.#parts.store.takePending();
  }
}
