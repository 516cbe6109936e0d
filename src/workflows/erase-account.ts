// Erasing an account: the person leaves every organisation, then identity removes their data.
import type { CommandRequest, Dispatch } from '../commands/dispatch.ts';
import type { Keeping } from '../commands/revocations.ts';
import { refuseLeavingAll, removalsOf, removePerson } from '../commands/roles.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly dispatch: Dispatch;
  readonly models: ReadModels;
  readonly accounts: Accounts;
}

/** Erases an account. */
export class EraseAccount {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves with the reason if the account is not erased. A person who cannot leave one organisation leaves none. */
  async run(userId: string, terms: CommandRequest, keeping: Keeping = {}): Promise<WorkflowFailure | undefined> {
    const { dispatch, models, accounts } = this.#parts;
    const { organizations } = models.current;
    const refusal = refuseLeavingAll(organizations, userId);
    if (refusal) return refusal;
    for (const removal of removalsOf(organizations, userId)) {
      const left = await dispatch(removePerson, { ...removal, ...keeping }, terms);
      if (left.kind !== 'done') return left;
    }
    await accounts.erase(userId);
    return undefined;
  }
}
