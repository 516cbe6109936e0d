// `plive backup`: copies a data directory, also while a server runs on it.
import { expectArguments, parseArguments } from './arguments.ts';
import { STORAGE, withStorage } from './open-storage.ts';
import type { Verb } from './verb.ts';

export const backupVerb: Verb = {
  name: 'backup',
  summary: 'Copy a data directory while a server runs on it',
  usage: `plive backup TARGET [--json] [--data-dir DIR]

Copies the log and the accounts, as they are at one moment, into the directory TARGET. TARGET is created if needed and
must not contain a log. The copy is a data directory: start a server on it to restore it. It is complete and synced to
disk, or not there at all. Databases in PostgreSQL have backups of their own: src/postgres/README.md describes them.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, { ...STORAGE, json: { type: 'boolean' } });
    expectArguments(positionals, 'target');
    const [directory = ''] = positionals;
    const { json = false, ...named } = values;
    await withStorage(named, surroundings, (storage) => storage.withLog(() => storage.backUp(directory)));
    const { position, warning } = await withStorage({ 'data-dir': directory }, surroundings, async (copy) => ({
      position: await copy.withLog(async ({ head }) => head),
      warning: copy.warning(),
    }));
    if (warning !== undefined) surroundings.note(warning);
    const sentence = `Backed up to ${directory}, up to position ${position}`;
    await surroundings.print(`${json ? JSON.stringify({ directory, position }) : sentence}\n`);
    return 0;
  },
};
