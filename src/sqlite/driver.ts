// Which SQLite runs: Node's own where there is one (from 22.13), else the package with the same interface.
import { isBuiltin } from 'node:module';

const name = isBuiltin('node:sqlite') ? 'node:sqlite' : '@photostructure/sqlite';
const sqlite: typeof import('@photostructure/sqlite') = await import(name);

export const { DatabaseSync } = sqlite;

/** The package keeps the code to itself where it is reading that fails, and gives SQLite's own words for it alone. */
const CODES: ReadonlyMap<string, number> = new Map([
  ['database is locked', 5],
  ['database disk image is malformed', 11],
]);

/** SQLite's primary result code, where that is what was thrown. */
export function resultCode(error: unknown): number | undefined {
  const { errcode, message } = error as { readonly errcode?: number; readonly message: string };
  return errcode === undefined ? CODES.get(message) : errcode & 0xff;
}
