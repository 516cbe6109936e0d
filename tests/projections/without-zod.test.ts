// A browser can load every fold, and the functions that show its state, without zod or any other package: only the
// server validates.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** The compiled modules, in which type imports are erased. */
const PROJECTIONS = new URL('../../projections/', import.meta.url);
/** The vocabulary with its schemas is part of it. */
const ENTRY = 'index.js';

const modules = readdirSync(PROJECTIONS).filter((name) => name.endsWith('.js') && name !== ENTRY);

/** The packages that come with a module, by its own imports or those of what it imports. */
function packagesOf(module: URL, seen = new Set<string>()): ReadonlySet<string> {
  const packages = new Set<string>();
  if (seen.has(module.href)) return packages;
  seen.add(module.href);
  for (const [, name = ''] of readFileSync(module, 'utf8').matchAll(/\b(?:from|import) '([^']+)';/g)) {
    const found = name.startsWith('.') ? packagesOf(new URL(name, module), seen) : [name];
    for (const each of found) packages.add(each);
  }
  return packages;
}

test('the public entry point imports zod, so the search works', () => {
  expect(packagesOf(new URL(ENTRY, PROJECTIONS))).toContain('zod');
});

test.each([...modules, 'viewer/viewer.js', 'viewer/scope.js'])('%s imports no package', (name) => {
  expect([...packagesOf(new URL(name, PROJECTIONS))]).toEqual([]);
});
