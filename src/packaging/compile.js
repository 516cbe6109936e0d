// Compiles the sources into dist/: the bundles of src/, and projections/ with types for other packages.
import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { ALL_BUNDLES, bundleOptions, COMMAND_LINE } from './bundles.js';
import { pagesOptions, writeManifest } from './pages.js';
import { hashOfSources } from './sources.js';

/** The file in dist/ with the hash of the sources that it was built from. */
export const HASH_FILE = 'sources.sha256';

/** How the names of temporary directories in dist/ start. */
const UNFINISHED = 'unfinished-';

/**
 * Compiles into a temporary directory in `dist`, and moves the files to their places when all are complete: a build
 * that fails leaves `dist` as it was. Files are replaced by renaming, so a process never reads a half-written one.
 *
 * In the `dist` of the checkout, it then removes every other file, such as modules of an earlier version. A running
 * server does not need them: it has loaded its modules and workers when it started. Another target directory may
 * contain files that no build made, so nothing is removed there.
 * @param {string} root the checkout
 * @param {string} dist
 */
export async function compile(root, dist) {
  const hash = hashOfSources(root);
  mkdirSync(dist, { recursive: true });
  const made = mkdtempSync(join(dist, UNFINISHED));
  try {
    const { build } = await import('esbuild');
    const bundled = build(bundleOptions(ALL_BUNDLES, { root, directory: made }));
    const ofPages = Promise.all(pagesOptions({ root, directory: made }).map((options) => build(options))).then(
      (built) =>
        writeManifest(
          built.map(({ metafile }) => metafile),
          made,
        ),
    );
    // Wait for all, even if one fails: the directory is removed afterwards.
    const outcomes = await Promise.allSettled([bundled, ofPages, compileProjections(root, made)]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    relocateSources(made);
    chmodSync(join(made, 'src', COMMAND_LINE), 0o755);
    forgetHash(dist);
    const files = moveFiles(made, dist);
    if (dist === join(root, 'dist')) removeOthers(dist, files);
    writeHash(dist, made, hash);
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
 * Corrects the paths of the sources in all source maps: the files will be one directory further up.
 * @param {string} made
 */
function relocateSources(made) {
  for (const name of readdirSync(made, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.map')) continue;
    const map = JSON.parse(readFileSync(join(made, name), 'utf8'));
    const sources = map.sources.map((/** @type {string} */ source) => source.replace('../', ''));
    writeFileSync(join(made, name), JSON.stringify({ ...map, sources }));
  }
}

/**
 * Moves the files that were made to their places in dist/.
 * @param {string} made
 * @param {string} dist
 * @returns {ReadonlySet<string>} the paths of the files and of their directories, from dist/
 */
function moveFiles(made, dist) {
  const moved = new Set();
  for (const entry of readdirSync(made, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name);
    const path = relative(made, source);
    moved.add(path);
    if (!entry.isFile()) continue;
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    renameSync(source, join(dist, path));
  }
  return moved;
}

/**
 * Removes everything in a directory of dist/ that is not among these paths, except the work of builds that run now.
 * @param {string} dist
 * @param {ReadonlySet<string>} paths
 * @param {string} directory
 */
function removeOthers(dist, paths, directory = '.') {
  for (const entry of readdirSync(join(dist, directory), { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (path.startsWith(UNFINISHED)) continue;
    if (!paths.has(path)) rmSync(join(dist, path), { recursive: true, force: true });
    else if (entry.isDirectory()) removeOthers(dist, paths, path);
  }
}

/**
 * Call it last: as long as dist/ has no hash, the next start builds.
 * @param {string} dist
 * @param {string} made
 * @param {string} hash
 */
function writeHash(dist, made, hash) {
  writeFileSync(join(made, HASH_FILE), hash);
  renameSync(join(made, HASH_FILE), join(dist, HASH_FILE));
}

/**
 * Marks dist/ as out of date, so that the next start builds.
 * @param {string} dist
 */
export function forgetHash(dist) {
  rmSync(join(dist, HASH_FILE), { force: true });
}
