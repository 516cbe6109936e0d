// Decides whether `npm start` can run the existing build or must build first.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SERVER } from './bundles.js';
import { HASH_FILE } from './compile.js';
import { hashOfSources } from './sources.js';

/**
 * @typedef {object} Checkout
 * @property {boolean} isBuilt whether a built server exists
 * @property {boolean} isCurrent whether it was built from the current sources
 * @property {boolean} hasCompiler whether everything that a build needs is installed
 */

/**
 * What `npm start` does. `start` and `start outdated`: run the existing build. `build`: build, then run. `refuse`:
 * neither is possible.
 * @param {Checkout} checkout
 */
export function nextStep({ isBuilt, isCurrent, hasCompiler }) {
  if (isBuilt && isCurrent) return 'start';
  if (hasCompiler) return 'build';
  return isBuilt ? 'start outdated' : 'refuse';
}

/**
 * @param {string} root
 * @returns {Checkout}
 */
export function inspect(root) {
  const dist = join(root, 'dist');
  const hashFile = join(dist, HASH_FILE);
  return {
    isBuilt: existsSync(join(dist, 'src', SERVER)),
    isCurrent: existsSync(hashFile) && readFileSync(hashFile, 'utf8') === hashOfSources(root),
    hasCompiler: ['esbuild', 'typescript'].every((name) => isInstalled(root, name)),
  };
}

/**
 * @param {string} root
 * @param {string} name
 */
function isInstalled(root, name) {
  try {
    createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
