// `plive import`: makes an export of a whole log, or of one organisation, the log of a new directory.

import { importEvents, NotImportable } from '../sqlite/journal/import-events.ts';
import { asJournalError } from '../sqlite/journal-error.ts';
import { hasLogFile } from '../sqlite/log-file.ts';
import { warningOf } from '../sqlite/private-files.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { DamagedFile, storedLines, withLog } from './source.ts';
import { counted } from './text.ts';
import { type Surroundings, type Verb, VerbError } from './verb.ts';

export const importVerb: Verb = {
  name: 'import',
  summary: 'Import an exported log into an empty one',
  usage: `plive import FILE [--json] [--data-dir DIR]

Imports all events of a file that plive export or a member has exported, or none of them. Ids, times and hashes stay; the
events of a single organisation get new positions. The log must be empty or missing, and no server may be running on
it. The file is verified before anything is stored.
Exit code: 1 if the file is damaged, 2 if it cannot be imported for another reason.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, {
      'data-dir': { type: 'string' },
      json: { type: 'boolean' },
    });
    expectArguments(positionals, 'file');
    const [file = ''] = positionals;
    const directory = values['data-dir'] ?? surroundings.dataDir;
    await refuseLog({ directory, root: surroundings.root });
    try {
      const { events, heads } = await importFile(directory, file, surroundings);
      const warning = warningOf(directory);
      if (warning !== undefined) surroundings.note(warning);
      const report = { directory, events, heads };
      const sentence = `${counted(events, 'event')} imported into ${directory}`;
      await surroundings.print(`${values.json ? JSON.stringify(report) : sentence}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof NotImportable || error instanceof DamagedFile)) throw error;
      surroundings.note(`${file} was not imported. ${error.message}`);
      return 1;
    }
  },
};

/** Refuses a directory whose log contains events. Call it before anything is written. */
async function refuseLog({ directory, root }: { directory: string; root: URL }): Promise<void> {
  if (!hasLogFile(directory)) return;
  const head = await withLog({ directory, root }, async (log) => log.head);
  if (head > 0) throw new VerbError(`The log in ${directory} is not empty: import into another directory.`);
}

async function importFile(directory: string, file: string, { progress }: Surroundings) {
  try {
    return await importEvents(directory, storedLines(file), (events) => progress.show('Importing', events));
  } catch (error) {
    if (error instanceof NotImportable || error instanceof VerbError) throw error;
    throw asJournalError(error);
  } finally {
    progress.clear();
  }
}
