// `plive user`: lets operators help people who cannot sign in.
import { hasLogFile } from '../sqlite/log-file.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { makeLink, withIdentity } from './links.ts';
import { UsageError, type Verb, VerbError } from './verb.ts';

export const userVerb: Verb = {
  name: 'user',
  summary: 'Print a link for a new password',
  usage: `plive user reset EMAIL [--data-dir DIR]

Prints a link with which this person sets a new password. The link works once, within a day, also on a running server.`,
  async run(args, { dataDir, print, process }) {
    const { values, positionals } = parseArguments(args, { 'data-dir': { type: 'string' } });
    expectArguments(positionals, 'reset', 'e-mail address');
    const [action, address = ''] = positionals;
    if (action !== 'reset') throw new UsageError(`Unknown action "${action}". The only action is: reset`);
    const directory = values['data-dir'] ?? dataDir;
    if (!hasLogFile(directory)) throw new VerbError(`There is no log in ${directory}.`);
    const link = withIdentity(directory, (tables) => {
      const user = tables.findUser({ email: address.trim().toLowerCase() });
      if (!user) throw new VerbError(`There is no account with the address ${address}.`);
      return makeLink(tables, { purpose: 'reset', subjectId: user.id }, process.env);
    });
    await print(`${link}\n`);
    return 0;
  },
};
