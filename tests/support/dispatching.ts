// Dispatches commands to a test's server directly, without HTTP, optionally with a log that fails.
import { v7 as newId } from 'uuid';
import { type CommandRequest, type Dispatch, Dispatcher } from '../../src/commands/dispatch.ts';
import type { AccountsApp } from './accounts.ts';
import { person } from './members.ts';

/** The result of a command when the log cannot be written. */
export const UNAVAILABLE = { kind: 'unavailable', reason: 'The disk is full.' } as const;

/** A command request sent by this person. */
export function termsOf({ models }: AccountsApp, userId: string): CommandRequest {
  return { viewer: person(userId, () => models.current), correlationId: 'test' };
}

/** A dispatcher that writes to the app's log. */
export function dispatchTo({ log, models }: AccountsApp): Dispatch {
  return new Dispatcher({ log, models, now: () => new Date(), newId, maxWaiting: 100 }).dispatch;
}

/** A dispatcher that writes to the app's log, and resolves with `UNAVAILABLE` after this many commands. */
export function failingDispatch(app: AccountsApp, { after }: { readonly after: number }): Dispatch {
  const dispatch = dispatchTo(app);
  let commands = 0;
  return async (...command) => {
    commands += 1;
    return commands > after ? UNAVAILABLE : dispatch(...command);
  };
}
