// The bundles that esbuild makes from src/: one file per program and per worker thread, and one that a thread loads later,
// each including the packages it imports.
import { join } from 'node:path';

/** Paths from `dist/src/`. Operators use these two, so they must not change. */
export const SERVER = 'server.js';
export const COMMAND_LINE = 'cli/main.js';

/**
 * Bundles of the server: output file and entry point of each.
 * @type {Readonly<Record<string, string>>}
 */
export const SERVER_BUNDLES = {
  [SERVER]: 'main.ts',
  'sqlite/identity/worker.js': 'sqlite/identity/worker.ts',
  'sqlite/journal/worker.js': 'sqlite/journal/worker.ts',
  'sqlite/journal/verify-worker.js': 'sqlite/journal/verify-worker.ts',
  'sqlite/journal/snapshot-faults.js': 'sqlite/journal/snapshot-faults.ts',
  'sqlite/pasts/worker.js': 'sqlite/pasts/worker.ts',
  'sqlite/pictures/worker.js': 'sqlite/pictures/worker.ts',
};

/** All bundles. The command line shares the worker threads of the server. */
export const ALL_BUNDLES = { ...SERVER_BUNDLES, [COMMAND_LINE]: 'cli/main.ts' };

/** CommonJS packages load Node's modules with `require`, which ES modules lack. */
const REQUIRE = "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);";

/**
 * The esbuild options for these bundles of a checkout.
 * @param {Readonly<Record<string, string>>} bundles
 * @param {{ root: string; directory: string }} places the checkout, and the directory to write `src/` to
 * @returns {import('esbuild').BuildOptions}
 */
export function bundleOptions(bundles, { root, directory }) {
  const entryPoints = Object.entries(bundles).map(([file, entry]) => ({
    in: join(root, 'src', entry),
    out: file.replace(/\.js$/, ''),
  }));
  return {
    absWorkingDir: root,
    entryPoints,
    outdir: join(directory, 'src'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: {
      // Node's own choice is CommonJS, of which esbuild leaves nothing out.
      rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js'),
      // Three packages bring one of their own, of 235 kB each.
      'mime-db': join(root, 'node_modules/mime-db'),
    },
    // The one loads a binary by its path, the other is large and rarely needed.
    external: ['@photostructure/sqlite', '@zxcvbn-ts/language-common'],
    // pg reads it to recognise Cloudflare, and Node loads all of `fetch` for whoever reads it.
    define: { Response: 'undefined' },
    banner: { js: REQUIRE },
    inject: ['stack-traces.js', 'socket-io-directory.js'].map((name) => join(root, 'src/packaging', name)),
    // What a start parses. The source maps lead back.
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  };
}
