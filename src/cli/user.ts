// `plive user`: what operators do for people who cannot do it themselves.
import { accountFields } from '../api/accounts/account-answers.ts';
import type { User } from '../identity/identity-store.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { makeLink } from './links.ts';
import { STORAGE, withStorage } from './open-storage.ts';
import type { StoredAccounts } from './storage.ts';
import { type Surroundings, UsageError, type Verb, VerbError } from './verb.ts';

export const userVerb: Verb = {
  name: 'user',
  summary: 'Print a link for a new password, or change an e-mail address',
  usage: `plive user reset EMAIL [--data-dir DIR | --database URL]
plive user email OLD NEW [--data-dir DIR | --database URL]

reset prints a link with which this person sets a new password. The link works once, within a day.
email gives the person with the address OLD the address NEW. Sessions and keys stay.
Both work on a running server.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, STORAGE);
    const [action = ''] = positionals;
    const actionOf = ACTIONS.get(action);
    if (!actionOf) throw new UsageError(`Unknown action "${action}". The actions are: reset, email`);
    const act = actionOf(positionals, surroundings);
    const done = await withStorage(values, surroundings, (storage) => storage.withAccounts(act));
    await surroundings.print(`${done}\n`);
    return 0;
  },
};

/** Does something to an account, and resolves with what to print. */
type Action = (accounts: StoredAccounts) => Promise<string>;

/** By name. Each takes the arguments with the name first, and throws a `UsageError` if they are wrong. */
const ACTIONS: ReadonlyMap<string, (args: readonly string[], surroundings: Surroundings) => Action> = new Map([
  ['reset', reset],
  ['email', changeEmail],
]);

function reset(args: readonly string[], { env }: Surroundings): Action {
  expectArguments(args, 'reset', 'e-mail address');
  const [, address = ''] = args;
  return async (accounts) => {
    const { id: subjectId } = await accountOf(accounts, address);
    return makeLink(accounts, { purpose: 'reset', subjectId }, env);
  };
}

function changeEmail(args: readonly string[]): Action {
  expectArguments(args, 'email', 'old address', 'new address');
  const [, from = '', to = ''] = args;
  const address = accountFields.email.safeParse(to);
  if (!address.success) throw new UsageError(`"${to}" is not an e-mail address.`);
  return async (accounts) => {
    const { id, name } = await accountOf(accounts, from);
    if ((await accounts.renameUser(id, name, address.data)) === 'email-taken') {
      throw new VerbError(`Another account has the address ${address.data}.`);
    }
    return `${name} now has the address ${address.data}`;
  };
}

async function accountOf(accounts: StoredAccounts, address: string): Promise<User> {
  const user = await accounts.findUser({ email: address.trim().toLowerCase() });
  if (!user) throw new VerbError(`There is no account with the address ${address}.`);
  return user;
}
