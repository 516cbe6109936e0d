// The workflows: what changes both identity and the log, a class each.
import type { Identity } from '../identity/identity.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { SetUp } from './set-up.ts';

export interface WorkflowParts {
  readonly identity: Identity;
  readonly log: EventLog;
  readonly models: ReadModels;
}

export class Workflows {
  readonly setUp: SetUp;

  constructor({ identity: { accounts, links }, log, models }: WorkflowParts) {
    this.setUp = new SetUp({ log, models, accounts, links });
  }
}
