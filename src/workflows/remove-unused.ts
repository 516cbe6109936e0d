// Removes the account that a failed workflow has made.
import { tiesOf } from '../../projections/organizations.ts';
import type { Failure } from '../commands/dispatched.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { PendingWorkflows } from '../identity/pending-workflows.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { catchUp } from './catch-up.ts';
import { lookingAgain } from './erase-account.ts';

interface Parts {
  readonly log: Pick<EventLog, 'settled' | 'freshen'>;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly pending: PendingWorkflows;
}

/**
 * Erases the account, unless the person has signed in meanwhile and has founded or joined an organisation. Resolves with
 * the reason if that cannot be known. Another node may be recording just then that the person joins: nodes that share the log
 * look again later.
 */
export async function removeUnused(
  { log, models, accounts, sessions, pending }: Parts,
  userId: string,
): Promise<Failure | undefined> {
  sessions.close(userId);
  const behind = await catchUp(log);
  if (behind || tiesOf(models.current.organizations, userId).length > 0) {
    sessions.reopen(userId);
    return behind;
  }
  await accounts.erase(userId);
  if (pending.isShared) await pending.put(pending.begin(lookingAgain(userId)));
  return undefined;
}
