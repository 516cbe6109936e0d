// Reads the events of an export file in pages. Lines that cannot be read become entries of the pages, so that `verify` can
// report them.
import { createReadStream, statSync } from 'node:fs';
import { type ExportedLine, exportPages } from '../../projections/chain/export-pages.ts';

/** The events in the file. Returns an error message if there is no such file. */
export function exportedPages(file: string): AsyncIterable<readonly ExportedLine[]> | string {
  const entry = statSync(file, { throwIfNoEntry: false });
  if (!entry) return `There is no file ${file}.`;
  return entry.isDirectory() ? `${file} is a directory: use --data-dir.` : exportPages(createReadStream(file, 'utf8'));
}
