// Commands to a test's server that do not come by HTTP, on a write path that may fail.
import { v7 as newId } from 'uuid';
import { type CommandRequest, type Dispatch, Dispatcher } from '../../src/commands/dispatch.ts';
import type { AccountsApp } from './accounts.ts';
import { person } from './members.ts';

/** What the log answers when it cannot be written. */
export const UNAVAILABLE = { kind: 'unavailable', reason: 'The disk is full.' } as const;

/** A request of this person. */
export function termsOf({ models }: AccountsApp, userId: string): CommandRequest {
  return { viewer: person(userId, () => models.current), correlationId: 'test' };
}

/** The write path to the app's log. */
export function dispatchTo({ log, models }: AccountsApp): Dispatch {
  return new Dispatcher({ log, models, now: () => new Date(), newId, maxWaiting: 100 }).dispatch;
}

/** A write path to the app's log that answers `UNAVAILABLE` after this many commands. */
export function failingDispatch(app: AccountsApp, { after }: { readonly after: number }): Dispatch {
  const dispatch = dispatchTo(app);
  let commands = 0;
  return async (...asked) => {
    commands += 1;
    return commands > after ? UNAVAILABLE : dispatch(...asked);
  };
}
