// Selects the SQLite driver: Node's built-in module if there is one (from 22.13), else the package with the same API.
import { isBuiltin } from 'node:module';

const name = isBuiltin('node:sqlite') ? 'node:sqlite' : '@photostructure/sqlite';
const sqlite: typeof import('@photostructure/sqlite') = await import(name);

export const { DatabaseSync } = sqlite;

/** Result codes by message: when a read fails, the package gives only SQLite's message, without the code. */
const CODES: ReadonlyMap<string, number> = new Map([
  ['database is locked', 5],
  ['database disk image is malformed', 11],
]);

/** SQLite's primary result code; `undefined` if the error is not from SQLite. */
export function resultCode(error: unknown): number | undefined {
  const { errcode, message } = error as { readonly errcode?: number; readonly message: string };
  return errcode === undefined ? CODES.get(message) : errcode & 0xff;
}
