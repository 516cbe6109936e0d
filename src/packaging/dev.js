// `npm run dev`: bundles and restarts the server whenever a source changes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { bundleOptions, SERVER, SERVER_BUNDLES } from './bundles.js';
import { forgetHash } from './compile.js';
import { pagesOptions, writeManifest } from './pages.js';

/**
 * How long to wait for further changes, in milliseconds. An editor saves in several steps, and "save all" writes
 * several files.
 */
const QUIET = 30;

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const bundler = await context(bundleOptions(SERVER_BUNDLES, { root, directory: dist }));
const pages = await Promise.all(pagesOptions({ root, directory: dist }).map((options) => context(options)));

/** @type {import('node:fs').FSWatcher[]} */
const watchers = [];
/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
/** @type {NodeJS.Timeout | undefined} */
let quiet;
let restarts = Promise.resolve();

watchAndRestart();

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await stop();
    process.exit(0);
  });
}

/** Starts watching before bundling, so that no change in between is missed. */
function watchAndRestart() {
  try {
    watchSources();
  } catch {
    // A directory was removed while it was being watched.
    restartSoon();
    return;
  }
  restarts = restarts.then(restart);
}

function restartSoon() {
  clearTimeout(quiet);
  quiet = setTimeout(watchAndRestart, QUIET);
}

/**
 * Watches each existing directory separately. With a recursive watch, Node 20 stops reporting changes of a file after
 * an editor replaces it by renaming another file.
 */
function watchSources() {
  for (const watcher of watchers.splice(0)) watcher.close();
  for (const directory of ['src', 'projections'].flatMap((name) => directoriesFrom(join(root, name)))) {
    watchers.push(watch(directory, (_, name) => changed(name)));
  }
}

/** @param {string | null} name the name of the changed file, without its directory */
function changed(name) {
  if (name === null || /\.(tsx?|css)$|^[^.]+$/.test(name)) restartSoon();
}

/**
 * This directory, and all directories below it.
 * @param {string} directory
 */
function directoriesFrom(directory) {
  const below = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  return [directory, ...below];
}

/** Bundles and restarts the server. If a source has an error, esbuild prints it and the running server stays. */
async function restart() {
  try {
    forgetHash(dist);
    const [built] = await Promise.all([Promise.all(pages.map((page) => page.rebuild())), bundler.rebuild()]);
    writeManifest(
      built.map(({ metafile }) => metafile),
      dist,
    );
  } catch {
    return;
  }
  await stop();
  server = spawn(process.execPath, [join(dist, 'src', SERVER)], { stdio: 'inherit' });
}

async function stop() {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}
