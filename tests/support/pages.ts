// Damages pages of the database of a directory that nobody uses.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '../../src/sqlite/driver.ts';

/** Edits the first page of a table or an index: the only one, if it is small. */
export async function editPage(directory: string, name: string, edit: (page: Buffer) => void): Promise<void> {
  const file = join(directory, 'plive.db');
  const database = new DatabaseSync(file);
  const { rootpage } = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name);
  const { page_size: size } = database.prepare('PRAGMA page_size').get();
  database.close();
  const bytes = await readFile(file);
  edit(bytes.subarray((rootpage - 1) * size, rootpage * size));
  await writeFile(file, bytes);
}

/** In the header of a page: the number of entries. After it: the offset of each entry, in the order of their keys. */
const [COUNT, OFFSETS] = [3, 8];

/** Loses the last entry of a page. */
export function loseLast(page: Buffer): void {
  page.writeUInt16BE(page.readUInt16BE(COUNT) - 1, COUNT);
}

/** Puts the first entry of a page in place of the second one, too. */
export function repeatFirst(page: Buffer): void {
  page.writeUInt16BE(page.readUInt16BE(OFFSETS), OFFSETS + 2);
}

/** Replaces a text in a page by another one of the same length, once. */
export function replaceText(page: Buffer, from: string, to: string): void {
  page.write(to, page.indexOf(from));
}
