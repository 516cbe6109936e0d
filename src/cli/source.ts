// Opens the source of events: the log in a data directory, also of a running server, or an exported file.
import type { ExportedLine } from '../../projections/chain/export-pages.ts';
import { sentenceOf } from '../../projections/chain/problems.ts';
import { hasHiddenText, storedEvent } from '../log/exported-event.ts';
import type { ScanOptions, StoredEvent } from '../log/journal.ts';
import { matcher } from '../log/page.ts';
import { SqliteJournal, type SqliteJournalOptions } from '../sqlite/journal/sqlite-journal.ts';
import { hasLogFile } from '../sqlite/log-file.ts';
import { exportedPages } from './log-pages.ts';
import { type Surroundings, UsageError, VerbError } from './verb.ts';

export interface Source {
  /** Position of the last event when the source was opened; absent for a file. */
  readonly head?: number;
  /** Stored events in order, a page at a time. */
  scan(options: ScanOptions): AsyncIterable<readonly StoredEvent[]>;
}

/** The options that name the source of events. */
export const SOURCE = { 'data-dir': { type: 'string' }, file: { type: 'string' } } as const;

interface Named {
  readonly 'data-dir'?: string | undefined;
  readonly file?: string | undefined;
}

/** Opens the named source, or the default directory, reads from it, and closes it. */
export async function withSource<T>(
  { 'data-dir': directory, file }: Named,
  { dataDir, root }: Pick<Surroundings, 'dataDir' | 'root'>,
  read: (source: Source) => Promise<T>,
): Promise<T> {
  if (file === undefined) return withLog({ directory: directory ?? dataDir, root }, read);
  if (directory !== undefined) throw new UsageError('Use either --data-dir or --file, not both.');
  return read({ scan: (options) => matching(storedLines(file), options) });
}

/** Opens the log of a directory, reads from it, and closes it. */
export async function withLog<T>(
  { directory, root }: Pick<SqliteJournalOptions, 'directory' | 'root'>,
  read: (log: Source & { readonly head: number; readonly journal: SqliteJournal }) => Promise<T>,
): Promise<T> {
  if (!hasLogFile(directory)) throw new VerbError(`There is no log in ${directory}.`);
  const journal = new SqliteJournal({ directory, root, readOnly: true });
  const head = await journal.open();
  try {
    return await read({ head, journal, scan: (options) => journal.scan(options) });
  } finally {
    await journal.close();
  }
}

/** A line of an export file is not a complete event. */
export class DamagedFile extends VerbError {
  override readonly name = 'DamagedFile';
}

/**
 * The events of an exported file. Throws a `VerbError` if there is no file, and at the first line that is not a
 * complete event.
 */
export function storedLines(file: string): AsyncIterable<readonly StoredEvent[]> {
  const pages = exportedPages(file);
  if (typeof pages === 'string') throw new VerbError(pages);
  return storedPages(pages);
}

async function* storedPages(pages: AsyncIterable<readonly ExportedLine[]>): AsyncGenerator<readonly StoredEvent[]> {
  let before = 0;
  for await (const page of pages) {
    yield page.map((line, index) => storedLine(line, before + index + 1));
    before += page.length;
  }
}

function storedLine(line: ExportedLine, number: number): StoredEvent {
  if ('unreadable' in line) throw new DamagedFile(sentenceOf(line.unreadable));
  if (hasHiddenText(line)) {
    throw new VerbError(`Line ${number} of the file has a hash instead of a text. Export the log as a member.`);
  }
  const event = storedEvent(line);
  if (!event) throw new DamagedFile(`The text in line ${number} of the file is not an event.`);
  return event;
}

async function* matching(
  pages: AsyncIterable<readonly StoredEvent[]>,
  { after, until = Number.POSITIVE_INFINITY, stream, ...filter }: ScanOptions,
): AsyncGenerator<readonly StoredEvent[]> {
  const matches = matcher(filter);
  const isInRange = ({ position }: StoredEvent) => position > after && position <= until;
  for await (const page of pages) {
    yield page.filter(
      (event) => isInRange(event) && (stream === undefined || event.stream === stream) && matches(event),
    );
  }
}
