// `plive user`: what operators do for people who cannot do it themselves.
import { accountFields } from '../api/accounts/account-answers.ts';
import type { User } from '../identity/identity-store.ts';
import type { IdentityTables } from '../sqlite/identity/identity-tables.ts';
import { hasLogFile } from '../sqlite/log-file.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { makeLink, withIdentity } from './links.ts';
import { type Surroundings, UsageError, type Verb, VerbError } from './verb.ts';

export const userVerb: Verb = {
  name: 'user',
  summary: 'Print a link for a new password, or change an e-mail address',
  usage: `plive user reset EMAIL [--data-dir DIR]
plive user email OLD NEW [--data-dir DIR]

reset prints a link with which this person sets a new password. The link works once, within a day.
email gives the person with the address OLD the address NEW. Sessions and keys stay.
Both work on a running server.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, { 'data-dir': { type: 'string' } });
    const [action = ''] = positionals;
    const act = ACTIONS.get(action);
    if (!act) throw new UsageError(`Unknown action "${action}". The actions are: reset, email`);
    const directory = values['data-dir'] ?? surroundings.dataDir;
    await surroundings.print(`${act(positionals, directory, surroundings)}\n`);
    return 0;
  },
};

/** Takes the arguments, with the name of the action first, and returns what to print. */
type Action = (args: readonly string[], directory: string, surroundings: Surroundings) => string;

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['reset', reset],
  ['email', changeEmail],
]);

function reset(args: readonly string[], directory: string, { process }: Surroundings): string {
  expectArguments(args, 'reset', 'e-mail address');
  const [, address = ''] = args;
  return inAccounts(directory, (tables) => {
    const { id: subjectId } = accountOf(tables, address);
    return makeLink(tables, { purpose: 'reset', subjectId }, process.env);
  });
}

function changeEmail(args: readonly string[], directory: string): string {
  expectArguments(args, 'email', 'old address', 'new address');
  const [, from = '', to = ''] = args;
  const address = accountFields.email.safeParse(to);
  if (!address.success) throw new UsageError(`"${to}" is not an e-mail address.`);
  return inAccounts(directory, (tables) => {
    const { id, name } = accountOf(tables, from);
    if (tables.renameUser(id, name, address.data) === 'email-taken') {
      throw new VerbError(`Another account has the address ${address.data}.`);
    }
    return `${name} now has the address ${address.data}`;
  });
}

function inAccounts<T>(directory: string, work: (tables: IdentityTables) => T): T {
  if (!hasLogFile(directory)) throw new VerbError(`There is no log in ${directory}.`);
  return withIdentity(directory, work);
}

function accountOf(tables: IdentityTables, address: string): User {
  const user = tables.findUser({ email: address.trim().toLowerCase() });
  if (!user) throw new VerbError(`There is no account with the address ${address}.`);
  return user;
}
