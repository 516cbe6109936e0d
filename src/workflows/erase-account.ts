// Erasing an account: the sessions end, the person leaves every organisation, then identity removes their data.
import { BEHIND } from '../commands/attempts.ts';
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
import { catchUp } from './catch-up.ts';
import { unattended } from './unattended.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly log: Pick<EventLog, 'settled' | 'freshen'>;
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

/** The step after the account is erased. */
const LOOK_AGAIN = 'look-again';

/** The rest of an erasure whose account is erased: it leaves what another node was just recording. */
export function lookingAgain(userId: string) {
  const data: Erasure = { userId };
  return { kind: 'erase', step: LOOK_AGAIN, data } as const;
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
    const { sessions, pending } = this.#parts;
    const { userId } = erasure;
    if (sessions.isClosed(userId)) return WRONG_CREDENTIALS;
    // From here on no request of the person is executed, so they cannot join or found what nobody would leave.
    sessions.close(userId);
    const refusal = await this.#refuse(userId);
    if (refusal) {
      sessions.reopen(userId);
      return refusal;
    }
    const begun = pending.begin({ kind: 'erase', step: 'leave', data: erasure });
    await pending.put(begun).catch((error) => {
      sessions.reopen(userId);
      throw error;
    });
    return pending.during(begun, () => this.#leaveOrStay(begun, erasure, ids));
  }

  /** Goes on after a restart. Resolves with the reason if the next start has to try again. */
  async resume(begun: PendingWorkflow): Promise<Failure | undefined> {
    const { sessions, pending } = this.#parts;
    const erasure: Erasure = JSON.parse(begun.data);
    sessions.close(erasure.userId);
    if (begun.step === LOOK_AGAIN) return this.#lookAgain(begun, erasure, { correlationId: begun.id });
    const failure = await this.#leave(begun, erasure, { correlationId: begun.id });
    if (failure?.kind !== 'rejected') return failure;
    sessions.reopen(erasure.userId);
    await pending.end(begun);
    return undefined;
  }

  async #leaveOrStay(begun: PendingWorkflow, erasure: Erasure, ids: RequestIds): Promise<Failure | undefined> {
    const { sessions, pending } = this.#parts;
    const failure = await this.#leave(begun, erasure, ids).catch((error) => {
      // The node that takes the erasure over decides. Until then the store starts no session of the person.
      if (pending.isShared) sessions.reopen(erasure.userId);
      throw error;
    });
    if (failure) {
      sessions.reopen(erasure.userId);
      await pending.end(begun);
    }
    return failure;
  }

  /** The reason why the person cannot leave. */
  async #refuse(userId: string): Promise<WorkflowFailure | undefined> {
    const { log, models } = this.#parts;
    if (!(await log.freshen())) return BEHIND;
    return refuseLeavingAll(models.current.organizations, userId);
  }

  /** Ends the sessions, leaves and erases. Resolves with the reason if the person is still there. */
  async #leave(begun: PendingWorkflow, erasure: Erasure, ids: RequestIds): Promise<Failure | undefined> {
    const { accounts, sessions, pending } = this.#parts;
    await sessions.end(erasure.userId);
    const failure = await this.#leaveAll(erasure, ids);
    if (failure) return failure;
    await accounts.erase(erasure.userId);
    // If looking again fails, the next start does. Nodes that share the log do so later in any case: one of them may just
    // be recording what binds the person.
    if (pending.isShared) await pending.put({ ...begun, step: LOOK_AGAIN });
    else await this.#lookAgain(begun, erasure, ids);
    return undefined;
  }

  /** Leaves what was joined while the person was erased. Resolves with the reason if that fails. */
  async #lookAgain(begun: PendingWorkflow, erasure: Erasure, ids: RequestIds): Promise<Failure | undefined> {
    const failure = await this.#leaveAll(erasure, ids);
    if (!failure) await this.#parts.pending.end(begun);
    return failure;
  }

  /** Leaves every organisation, also those of requests that were about to be recorded. */
  async #leaveAll({ userId, ...keeping }: Erasure, ids: RequestIds): Promise<Failure | undefined> {
    const { log, dispatch, models } = this.#parts;
    const behind = await catchUp(log);
    if (behind) return behind;
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
