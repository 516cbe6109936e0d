// `npm run dev`: the server, bundled and started anew whenever a source changes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { bundleOptions, SERVER, SERVER_BUNDLES } from './bundles.js';
import { forgetHash } from './compile.js';

/** In milliseconds: an editor writes a file in several steps, and "save all" writes several files. */
const QUIET = 30;

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const options = bundleOptions(SERVER_BUNDLES, { root, directory: dist });
const bundler = await context({ ...options, sourcemap: true, sourcesContent: false });

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

/** Watches before it bundles: what changes meanwhile is seen. */
function watchAndRestart() {
  try {
    watchSources();
  } catch {
    // A directory went away just now.
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
 * Watches each directory that there is now. Node 20 loses sight of a file in a directory watched recursively when
 * another is moved to its place, as editors do.
 */
function watchSources() {
  for (const watcher of watchers.splice(0)) watcher.close();
  for (const directory of ['src', 'projections'].flatMap((name) => directoriesFrom(join(root, name)))) {
    watchers.push(watch(directory, (_, name) => changed(name)));
  }
}

/** @param {string | null} name what changed in its directory */
function changed(name) {
  // A source or a directory. Pages, styles and scripts are read anew with every request.
  if (name === null || /\.ts$|^[^.]+$/.test(name)) restartSoon();
}

/**
 * This directory, and all below it.
 * @param {string} directory
 */
function directoriesFrom(directory) {
  const below = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  return [directory, ...below];
}

/** Bundles, and starts what came of it. Where a source is wrong esbuild says so, and the server that runs stays. */
async function restart() {
  try {
    forgetHash(dist);
    await bundler.rebuild();
  } catch {
    return;
  }
  await stop();
  server = spawn(process.execPath, ['--enable-source-maps', join(dist, 'src', SERVER)], { stdio: 'inherit' });
}

async function stop() {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}
