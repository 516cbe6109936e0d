// Which SQLite runs: Node's own where there is one (from 22.13), else the package with the same interface.
import { isBuiltin } from 'node:module';

const name = isBuiltin('node:sqlite') ? 'node:sqlite' : '@photostructure/sqlite';
const sqlite: typeof import('@photostructure/sqlite') = await import(name);

export const { DatabaseSync } = sqlite;

/** SQLite's primary result code, where that is what was thrown. */
export function resultCode(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}
