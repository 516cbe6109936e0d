// How many files the process may have open. Each connection is one.
import { readFile } from 'node:fs/promises';

/** Linux tells it here. */
const LIMITS_FILE = '/proc/self/limits';

/** The limit of open files (`ulimit -n`), which Node raises at its start as far as it may; `undefined` if unknown. */
export async function readOpenFilesLimit(): Promise<number | undefined> {
  const limits = await readFile(LIMITS_FILE, 'utf8').catch(() => '');
  const [, limit] = /^Max open files +(\d+)/m.exec(limits) ?? [];
  return limit === undefined ? undefined : Number(limit);
}
