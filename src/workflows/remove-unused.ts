// Removes the account that a failed workflow has made.
import { tiesOf } from '../../projections/organizations.ts';
import type { Failure } from '../commands/dispatched.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { catchUp } from './catch-up.ts';

interface Parts {
  readonly log: Pick<EventLog, 'settled' | 'freshen'>;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
}

/**
 * Erases the account, unless the person has signed in meanwhile and has founded or joined an organisation. Resolves with
 * the reason if that cannot be known.
 */
export async function removeUnused(
  { log, models, accounts, sessions }: Parts,
  userId: string,
): Promise<Failure | undefined> {
  sessions.close(userId);
  const behind = await catchUp(log);
  if (!behind && tiesOf(models.current.organizations, userId).length === 0) await accounts.erase(userId);
  else sessions.reopen(userId);
  return behind;
}
