// Hashes everything that a build reads. Modification times would not do: `git clone` and Docker's COPY set new ones.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const DIRECTORIES = ['src', 'projections'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json'];

/**
 * The hash of the names and the contents of the sources.
 * @param {string} root the checkout
 */
export function hashOfSources(root) {
  const hash = createHash('sha256');
  for (const name of [...FILES, ...DIRECTORIES.flatMap((directory) => filesIn(root, directory))].sort()) {
    const content = readFileSync(join(root, name));
    // Includes the length, because otherwise text could move from one file to the next unnoticed.
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * All files below a directory of the checkout, READMEs aside, as paths from the checkout.
 * @param {string} root
 * @param {string} directory
 */
function filesIn(root, directory) {
  return readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll(sep, '/'));
}
