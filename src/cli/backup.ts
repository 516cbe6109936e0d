// `plive backup`: copies a data directory, also while a server runs on it.
import { backUpLog } from '../sqlite/journal/backup.ts';
import { asJournalError } from '../sqlite/journal-error.ts';
import { warningOf } from '../sqlite/private-files.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { withLog } from './source.ts';
import { type Verb, VerbError } from './verb.ts';

export const backupVerb: Verb = {
  name: 'backup',
  summary: 'Copy a data directory while a server runs on it',
  usage: `plive backup TARGET [--json] [--data-dir DIR]

Copies the log and the accounts, as they are at one moment, into the directory TARGET. TARGET is created if needed and
must not contain a log. The copy is a data directory: start a server on it to restore it. It is complete and synced to
disk, or not there at all.`,
  async run(args, { dataDir, root, print, note }) {
    const { values, positionals } = parseArguments(args, {
      'data-dir': { type: 'string' },
      json: { type: 'boolean' },
    });
    expectArguments(positionals, 'target');
    const [target = ''] = positionals;
    const directory = values['data-dir'] ?? dataDir;
    await withLog({ directory, root }, async () => copy(directory, target));
    const warning = warningOf(target);
    if (warning !== undefined) note(warning);
    const position = await withLog({ directory: target, root }, async ({ head }) => head);
    const report = { directory: target, position };
    await print(values.json ? `${JSON.stringify(report)}\n` : `Backed up to ${target}, up to position ${position}\n`);
    return 0;
  },
};

function copy(directory: string, target: string): void {
  try {
    backUpLog(directory, target);
  } catch (error) {
    throw new VerbError(asJournalError(error).message, { cause: error });
  }
}
