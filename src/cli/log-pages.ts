// Reads the events of a data directory or of an export file in pages. Lines and files that cannot be read become
// entries of the pages, so that `verify` can report them.
import { createReadStream, statSync } from 'node:fs';
import type { Evidence } from '../../projections/chain/evidence.ts';
import { parseExportLine } from '../../projections/chain/export-line.ts';
import type { StoredEvent } from '../log/journal.ts';
import { storedEvidence } from '../sqlite/journal/evidence.ts';
import { asJournalError } from '../sqlite/journal-error.ts';
import { hasLogFile, openLogFileToRead } from '../sqlite/log-file.ts';

type Pages<E = Evidence> = AsyncIterable<readonly E[]>;

/** The content of one line of an export file. */
export type Line = Exclude<Evidence, StoredEvent | { readonly chainHeads: unknown }>;

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
    yield [{ unreadable: asJournalError(error).message }];
  }
}

/** The events in the file. Returns an error message if there is no such file. */
export function exportedPages(file: string): Pages<Line> | string {
  const entry = statSync(file, { throwIfNoEntry: false });
  if (!entry) return `There is no file ${file}.`;
  return entry.isDirectory() ? `${file} is a directory: use --data-dir.` : readExported(file);
}

const PAGE_LINES = 1_000;

async function* readExported(file: string): AsyncGenerator<readonly Line[]> {
  let page: Line[] = [];
  let number = 0;
  for await (const line of linesOf(createReadStream(file, 'utf8'))) {
    number += 1;
    page.push(parseExportLine(line) ?? { unreadable: unreadableLine(line, number) });
    if (page.length < PAGE_LINES) continue;
    yield page;
    page = [];
  }
  yield page;
}

function unreadableLine(line: string, number: number): string {
  if (!line.endsWith('\n')) return `The file ends in the middle of line ${number}.`;
  return `Line ${number} of the file is not an event.`;
}

/**
 * The longest line that is read, in characters. Lines of an export are much shorter; a file without line breaks must
 * not fill the memory.
 */
const MAX_LINE = 4 * 1024 * 1024;

/**
 * The lines of a text with their line breaks. NDJSON breaks lines at \n only; node:readline also breaks them elsewhere.
 */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/(?<=\n)/);
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    yield* lines;
    if (rest.length <= MAX_LINE) continue;
    yield rest;
    rest = '';
  }
  if (rest !== '') yield rest;
}
