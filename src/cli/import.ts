// `plive import`: makes an export of a whole log, or of one organisation, the log of a new directory or database.
import { NotImportable } from '../log/import-events.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { STORAGE, withStorage } from './open-storage.ts';
import { DamagedFile, storedLines } from './source.ts';
import type { Storage } from './storage.ts';
import { counted } from './text.ts';
import type { Surroundings, Verb } from './verb.ts';

export const importVerb: Verb = {
  name: 'import',
  summary: 'Import an exported log into an empty one',
  usage: `plive import FILE [--json] [--data-dir DIR | --database URL]

Imports all events of a file that plive export or a member has exported, or none of them. Ids, times and hashes stay; the
events of a single organisation get new positions. The log must be empty or missing, and no server may be running on
it. The file is verified before anything is stored.
Exit code: 1 if the file is damaged, 2 if it cannot be imported for another reason.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, { ...STORAGE, json: { type: 'boolean' } });
    expectArguments(positionals, 'file');
    const [file = ''] = positionals;
    const { json = false, ...named } = values;
    return withStorage(named, surroundings, (storage) => importFile(storage, { file, json }, surroundings));
  },
};

async function importFile(
  storage: Storage,
  { file, json }: { readonly file: string; readonly json: boolean },
  { progress, note, print }: Surroundings,
): Promise<number> {
  try {
    const show = (events: number) => progress.show('Importing', events);
    const { events, heads } = await storage.importEvents(storedLines(file), show);
    progress.clear();
    const warning = storage.warning();
    if (warning !== undefined) note(warning);
    const sentence = `${counted(events, 'event')} imported into ${storage.name}`;
    await print(`${json ? JSON.stringify({ [storage.kind]: storage.name, events, heads }) : sentence}\n`);
    return 0;
  } catch (error) {
    progress.clear();
    if (!(error instanceof NotImportable || error instanceof DamagedFile)) throw error;
    note(`${file} was not imported. ${error.message}`);
    return 1;
  }
}
