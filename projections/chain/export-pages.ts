// Reads the text of an export in pages. A line that cannot be read becomes an entry of its page, so that it is reported.
import type { ExportedEvidence, Unreadable } from './evidence.ts';
import { parseExportLine } from './export-line.ts';

/** The content of one line of an export. */
export type ExportedLine = ExportedEvidence | Unreadable;

/**
 * The longest line that is read, in characters. Lines of an export are much shorter; a text without line breaks must
 * not fill the memory.
 */
const MAX_LINE = 4 * 1024 * 1024;

/** The lines that end in each chunk, and at last the rest. NDJSON breaks lines at \n only. */
export async function* exportPages(chunks: AsyncIterable<string>): AsyncGenerator<readonly ExportedLine[]> {
  let rest = '';
  let number = 0;
  const read = (line: string): ExportedLine => {
    number += 1;
    const name = line.endsWith('\n') ? 'line' : 'cut';
    return parseExportLine(line) ?? { unreadable: { name, line: number } };
  };
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/(?<=\n)/);
    const last = lines.at(-1) ?? '';
    rest = last.endsWith('\n') || last.length > MAX_LINE ? '' : (lines.pop() ?? '');
    yield lines.map(read);
  }
  if (rest !== '') yield [read(rest)];
}
