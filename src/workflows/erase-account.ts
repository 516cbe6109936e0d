// Erasing an account: the sessions end, the person leaves every organisation, then identity removes their data.
import type { CommandRequest, Dispatch, Failure } from '../commands/dispatch.ts';
import type { Keeping } from '../commands/revocations.ts';
import { refuseLeavingAll, removalsOf, removePerson } from '../commands/roles.ts';
import { WRONG_CREDENTIALS } from '../identity/account-rejection.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { Sessions } from '../identity/sessions.ts';
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
  async run(
    erasure: Erasure,
    { correlationId }: Pick<CommandRequest, 'correlationId'>,
  ): Promise<WorkflowFailure | undefined> {
    const { models, accounts, sessions } = this.#parts;
    const { userId } = erasure;
    if (sessions.isClosed(userId)) return WRONG_CREDENTIALS;
    const refusal = refuseLeavingAll(models.current.organizations, userId);
    if (refusal) return refusal;
    // From here on no request of the person is executed, so they cannot join or found what nobody would leave.
    await sessions.close(userId);
    const failure = await this.#leaveAll(erasure, correlationId);
    if (failure) {
      sessions.reopen(userId);
      return failure;
    }
    await accounts.erase(userId);
    return this.#leaveAll(erasure, correlationId);
  }

  /** Leaves every organisation, also those of requests that were about to be recorded. */
  async #leaveAll({ userId, ...keeping }: Erasure, correlationId: string): Promise<Failure | undefined> {
    const { log, dispatch, models } = this.#parts;
    await log.settled();
    for (const removal of removalsOf(models.current.organizations, userId)) {
      const left = await dispatch(
        removePerson,
        { ...removal, ...keeping },
        { viewer: unattended(userId), correlationId },
      );
      if (left.kind !== 'done') return left;
    }
    return undefined;
  }
}
