// Compiles the sources into dist/: the bundles of src/, and projections/ with its types as others import it.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { ALL_BUNDLES, bundleOptions, COMMAND_LINE } from './bundles.js';
import { hashOfSources } from './sources.js';

/** In dist/: the hash of the sources that it was made of. */
export const HASH_FILE = 'sources.sha256';

/**
 * Compiles into a new directory in `dist`, and moves the files to their places when all are there: a build that fails
 * leaves `dist` as it was. A file in use is replaced at once, never rewritten.
 * @param {string} root the checkout
 * @param {string} dist
 */
export async function compile(root, dist) {
  const hash = hashOfSources(root);
  mkdirSync(dist, { recursive: true });
  const made = mkdtempSync(join(dist, 'unfinished-'));
  try {
    const { build } = await import('esbuild');
    const bundled = build(bundleOptions(ALL_BUNDLES, { root, directory: made }));
    // Both have ended before the directory is removed.
    const outcomes = await Promise.allSettled([bundled, compileProjections(root, made)]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    chmodSync(join(made, 'src', COMMAND_LINE), 0o755);
    replace(dist, made, hash);
  } finally {
    rmSync(made, { recursive: true });
  }
}

/**
 * @param {string} root
 * @param {string} directory
 */
async function compileProjections(root, directory) {
  const { resolve } = createRequire(join(root, 'package.json'));
  const compiler = join(dirname(resolve('typescript/package.json')), 'bin/tsc');
  const flags = ['--project', join(root, 'projections'), '--noCheck', '--outDir', directory];
  await promisify(execFile)(process.execPath, [compiler, ...flags]).catch((error) => {
    throw new Error(`projections/ cannot be compiled.\n${error.stdout}`, { cause: error });
  });
}

/**
 * Moves the files that were made to their places in dist/. Until the last is there, dist/ has no hash.
 * @param {string} dist
 * @param {string} made
 * @param {string} hash
 */
function replace(dist, made, hash) {
  forgetHash(dist);
  for (const entry of readdirSync(made, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const place = join(dist, relative(made, file));
    mkdirSync(dirname(place), { recursive: true });
    renameSync(file, place);
  }
  writeFileSync(join(made, HASH_FILE), hash);
  renameSync(join(made, HASH_FILE), join(dist, HASH_FILE));
}

/**
 * From now on dist/ is of unknown sources: the next start builds.
 * @param {string} dist
 */
export function forgetHash(dist) {
  rmSync(join(dist, HASH_FILE), { force: true });
}
