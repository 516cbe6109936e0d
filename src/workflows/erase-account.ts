// Erasing an account: the sessions end, the person leaves every organisation, then identity removes their data.
import type { Dispatch } from '../commands/dispatch.ts';
import type { Failure } from '../commands/dispatched.ts';
import type { Keeping } from '../commands/revocations.ts';
import { refuseLeavingAll, removalsOf, removePerson } from '../commands/roles.ts';
import { WRONG_CREDENTIALS } from '../identity/account-rejection.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { PendingWorkflow } from '../identity/identity-store.ts';
import type { PendingWorkflows } from '../identity/pending-workflows.ts';
import type { Sessions } from '../identity/sessions.ts';
import { type RequestIds, requestIds } from '../log/commit.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { unattended } from './unattended.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly log: Pick<EventLog, 'settled'>;
  readonly dispatch: Dispatch;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly pending: PendingWorkflows;
}

/** The person to erase, and whether their API keys stay. */
interface Erasure extends Keeping {
  readonly userId: string;
}

/** Erases an account. */
export class EraseAccount {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Resolves with the reason if the account is not erased. A person who cannot leave one organisation leaves none. If
   * that changes while they leave, the account stays; its sessions have ended, and the person can sign in again. A
   * second erasure at the same time is refused as if the account were gone.
   */
  async run(erasure: Erasure, ids: RequestIds): Promise<WorkflowFailure | undefined> {
    const { models, sessions, pending } = this.#parts;
    const { userId } = erasure;
    if (sessions.isClosed(userId)) return WRONG_CREDENTIALS;
    const refusal = refuseLeavingAll(models.current.organizations, userId);
    if (refusal) return refusal;
    // From here on no request of the person is executed, so they cannot join or found what nobody would leave.
    sessions.close(userId);
    const begun = pending.begin({ kind: 'erase', step: 'leave', data: erasure });
    await pending.put(begun).catch((error) => {
      sessions.reopen(userId);
      throw error;
    });
    const failure = await this.#leave(begun, erasure, ids);
    if (failure) {
      sessions.reopen(userId);
      await pending.end(begun);
    }
    return failure;
  }

  /** Goes on after a restart. Resolves with the reason if the next start has to try again. */
  async resume(begun: PendingWorkflow): Promise<Failure | undefined> {
    const { sessions, pending } = this.#parts;
    const erasure: Erasure = JSON.parse(begun.data);
    sessions.close(erasure.userId);
    const failure = await this.#leave(begun, erasure, { correlationId: begun.id });
    if (failure?.kind !== 'rejected') return failure;
    sessions.reopen(erasure.userId);
    await pending.end(begun);
    return undefined;
  }

  /** Ends the sessions, leaves and erases. Resolves with the reason if the person is still there. */
  async #leave(begun: PendingWorkflow, erasure: Erasure, ids: RequestIds): Promise<Failure | undefined> {
    const { accounts, sessions, pending } = this.#parts;
    await sessions.end(erasure.userId);
    const failure = await this.#leaveAll(erasure, ids);
    if (failure) return failure;
    await accounts.erase(erasure.userId);
    // Looks again. If that fails, the next start does.
    if (!(await this.#leaveAll(erasure, ids))) await pending.end(begun);
    return undefined;
  }

  /** Leaves every organisation, also those of requests that were about to be recorded. */
  async #leaveAll({ userId, ...keeping }: Erasure, ids: RequestIds): Promise<Failure | undefined> {
    const { log, dispatch, models } = this.#parts;
    await log.settled();
    for (const removal of removalsOf(models.current.organizations, userId)) {
      const left = await dispatch(
        removePerson,
        { ...removal, ...keeping },
        { viewer: unattended(userId), ...requestIds(ids) },
      );
      if (left.kind !== 'done') return left;
    }
    return undefined;
  }
}
