// The workflows: operations that change both identity and the log, one class each.
import type { Dispatch } from '../commands/dispatch.ts';
import type { Identity } from '../identity/identity.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { EraseAccount } from './erase-account.ts';
import { Invite } from './invite.ts';
import { IssueKey } from './issue-key.ts';
import { Join } from './join.ts';
import { SetUp } from './set-up.ts';

export interface WorkflowParts {
  readonly identity: Identity;
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
}

export class Workflows {
  readonly setUp: SetUp;
  readonly invite: Invite;
  readonly join: Join;
  readonly issueKey: IssueKey;
  readonly eraseAccount: EraseAccount;

  constructor({ identity: { accounts, sessions, keys, links }, log, models, dispatch }: WorkflowParts) {
    this.setUp = new SetUp({ log, models, accounts, sessions, links });
    this.invite = new Invite({ dispatch, links });
    this.join = new Join({ dispatch, models, accounts, sessions, links });
    this.issueKey = new IssueKey({ dispatch, keys });
    this.eraseAccount = new EraseAccount({ log, dispatch, models, accounts, sessions });
  }
}
