// Makes a copy of the built server with a bug, to check that the harness finds it: it acknowledges before it syncs.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT } from './server-process.ts';

const FILE = 'src/sqlite/journal/worker.js';
const SOUND = 'PRAGMA synchronous = FULL';
const UNSOUND = 'PRAGMA synchronous = OFF';

/** Copies the built server to a new directory, plants the bug in the copy, and returns the directory. */
export function plantBug(directory: string): string {
  const project = join(directory, 'planted');
  const built = join(project, 'build');
  mkdirSync(built, { recursive: true });
  for (const part of ['src', 'projections']) cpSync(join(BUILT, part), join(built, part), { recursive: true });
  for (const part of ['package.json', 'node_modules']) symlinkSync(join(BUILT, '..', part), join(project, part));
  const source = readFileSync(join(built, FILE), 'utf8');
  if (!source.includes(SOUND)) throw new Error(`There is no "${SOUND}" in ${FILE} to break.`);
  writeFileSync(join(built, FILE), source.replaceAll(SOUND, UNSOUND));
  return built;
}
