// Opens the source of events: the log in a data directory or a database, also of a running server, or an exported file.
import type { ExportedLine } from '../../projections/chain/export-pages.ts';
import { sentenceOf } from '../../projections/chain/problems.ts';
import { hasHiddenText, storedEvent } from '../log/exported-event.ts';
import type { ScanOptions, StoredEvent } from '../log/journal.ts';
import { matcher } from '../log/page.ts';
import { exportedPages } from './log-pages.ts';
import { type NamedStorage, STORAGE, withStorage } from './open-storage.ts';
import type { Source } from './storage.ts';
import { type Surroundings, UsageError, VerbError } from './verb.ts';

/** The options that name the source of events. */
export const SOURCE = { ...STORAGE, file: { type: 'string' } } as const;

interface NamedSource extends NamedStorage {
  readonly file?: string | undefined;
}

/** Opens the named source, or the log that the server's settings name, reads from it, and closes it. */
export async function withSource<T>(
  { file, ...storage }: NamedSource,
  surroundings: Surroundings,
  read: (source: Source) => Promise<T>,
): Promise<T> {
  if (file === undefined) return withStorage(storage, surroundings, (opened) => opened.withLog(read));
  refuseBoth(storage, '--file');
  return read({ scan: (options) => matching(storedLines(file), options) });
}

/** Throws a `UsageError` if a storage is named besides this file. */
export function refuseBoth({ 'data-dir': directory, database }: NamedStorage, file: string): void {
  if (directory !== undefined) throw new UsageError(`Use either --data-dir or ${file}, not both.`);
  if (database !== undefined) throw new UsageError(`Use either --database or ${file}, not both.`);
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
