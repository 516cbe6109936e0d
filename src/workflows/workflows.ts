// The workflows: operations that change both identity and the log, one class each.
import type { Dispatch } from '../commands/dispatch.ts';
import type { Identity } from '../identity/identity.ts';
import type { PendingWorkflow } from '../identity/identity-store.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Report } from '../log/report.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { EraseAccount } from './erase-account.ts';
import { FoundOrganization } from './found-organization.ts';
import { Invite } from './invite.ts';
import { IssueKey } from './issue-key.ts';
import { Join } from './join.ts';
import { SetUp } from './set-up.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

export interface WorkflowParts {
  readonly identity: Pick<Identity, 'accounts' | 'sessions' | 'keys' | 'links' | 'pending'>;
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
  readonly newId: () => string;
  readonly report: Report;
}

/** How often a node looks for what others have left, in milliseconds. */
const BETWEEN_TAKING_OVER = 10_000;

/** Goes on with a workflow after a restart. Resolves with the reason if the next start has to try again. */
type Resume = (begun: PendingWorkflow) => Promise<WorkflowFailure | undefined>;

export class Workflows {
  readonly setUp: SetUp;
  readonly invite: Invite;
  readonly join: Join;
  readonly found: FoundOrganization;
  readonly issueKey: IssueKey;
  readonly eraseAccount: EraseAccount;
  readonly #parts: WorkflowParts;
  #takingOver: NodeJS.Timeout | undefined;
  #resuming = Promise.resolve();
  readonly #resume: Readonly<Record<PendingWorkflow['kind'], Resume>>;

  constructor(parts: WorkflowParts) {
    const { identity, log, models, dispatch, newId } = parts;
    const { accounts, sessions, keys, links, pending } = identity;
    this.#parts = parts;
    this.setUp = new SetUp({ log, models, accounts, sessions, links, pending, newId });
    this.invite = new Invite({ dispatch, links });
    this.join = new Join({ log, dispatch, models, accounts, sessions, links, pending });
    this.found = new FoundOrganization({ dispatch, sessions });
    this.issueKey = new IssueKey({ dispatch, keys });
    this.eraseAccount = new EraseAccount({ log, dispatch, models, accounts, sessions, pending });
    this.#resume = {
      'set-up': (begun) => this.setUp.resume(begun),
      join: (begun) => this.join.resume(begun),
      erase: (begun) => this.eraseAccount.resume(begun),
    };
  }

  /**
   * Finishes or undoes what a crash interrupted, and from then on what nodes leave that share the log. The log and identity
   * must be open, and no request may be served yet.
   */
  async start(): Promise<void> {
    await this.resume();
    if (this.#parts.log.isShared)
      this.#takingOver = setInterval(() => this.#resumeInTurn(), BETWEEN_TAKING_OVER).unref();
  }

  /** Resolves when nothing more is taken over. */
  async stop(): Promise<void> {
    clearInterval(this.#takingOver);
    await this.#resuming;
  }

  /**
   * Finishes or undoes what nobody works on. A failure is reported, and leaves the workflow to the next start, or to the
   * next node that looks.
   *
   * Inviting and issuing a key are not among them. Without its link or secret, what they recorded opens nothing; it is
   * listed, and a repeat of the request gets the link or the secret.
   */
  async resume(): Promise<void> {
    const { identity, report, log } = this.#parts;
    const later = log.isShared ? 'a node' : 'the next start';
    for (const begun of await identity.pending.take()) {
      const resumed = identity.pending.during(begun, () => this.#resume[begun.kind](begun));
      const failure = await resumed.catch((error) => error);
      if (failure) report(`a workflow (${begun.kind}) was not finished; ${later} tries again`, failure);
    }
  }

  /** One time after another. The store watch reports why none could be taken over. */
  #resumeInTurn(): void {
    this.#resuming = this.#resuming.then(() => this.resume()).catch(() => {});
  }
}
