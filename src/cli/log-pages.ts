// Reads the events of a data directory or of an export file in pages. Lines and files that cannot be read become
// entries of the pages, so that `verify` can report them.
import { createReadStream, statSync } from 'node:fs';
import type { Evidence } from '../../projections/chain/evidence.ts';
import { type ExportedLine, exportPages } from '../../projections/chain/export-pages.ts';
import { storedEvidence } from '../sqlite/journal/evidence.ts';
import { asJournalError } from '../sqlite/journal-error.ts';
import { hasLogFile, openLogFileToRead } from '../sqlite/log-file.ts';

type Pages<E = Evidence> = AsyncIterable<readonly E[]>;

/** The events and the stored chain heads of a directory's log. Returns an error message if there is no log. */
export function storedPages(directory: string): Pages | string {
  return hasLogFile(directory) ? readStored(directory) : `There is no log in ${directory}.`;
}

async function* readStored(directory: string): AsyncGenerator<readonly Evidence[]> {
  try {
    const { database, close } = openLogFileToRead(directory);
    yield* storedEvidence(database);
    close();
  } catch (error) {
    yield [{ unreadable: { name: 'unreadable', reason: asJournalError(error).message } }];
  }
}

/** The events in the file. Returns an error message if there is no such file. */
export function exportedPages(file: string): Pages<ExportedLine> | string {
  const entry = statSync(file, { throwIfNoEntry: false });
  if (!entry) return `There is no file ${file}.`;
  return entry.isDirectory() ? `${file} is a directory: use --data-dir.` : exportPages(createReadStream(file, 'utf8'));
}
