// What esbuild makes of src/: one file for each program and for each worker thread, with the packages that it uses.
import { join } from 'node:path';

/** From `dist/src/`; these two paths are promised to whoever runs Plive. */
export const SERVER = 'server.js';
export const COMMAND_LINE = 'cli/main.js';

/**
 * Bundles of the server: the file of each, and the module that it starts with.
 * @type {Readonly<Record<string, string>>}
 */
export const SERVER_BUNDLES = {
  [SERVER]: 'main.ts',
  'sqlite/identity/worker.js': 'sqlite/identity/worker.ts',
  'sqlite/journal/worker.js': 'sqlite/journal/worker.ts',
  'sqlite/journal/verify-worker.js': 'sqlite/journal/verify-worker.ts',
};

/** All bundles; the command line uses the server's worker threads. */
export const ALL_BUNDLES = { ...SERVER_BUNDLES, [COMMAND_LINE]: 'cli/main.ts' };

/** Packages in CommonJS load the modules of Node with `require`, which a module does not have. */
const REQUIRE = "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);";

/**
 * The options with which esbuild makes these bundles of a checkout.
 * @param {Readonly<Record<string, string>>} bundles
 * @param {{ root: string; directory: string }} places the checkout, and where its `src/` is written to
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
    // They find files of their own by path.
    external: ['@photostructure/sqlite', 'socket.io'],
    banner: { js: REQUIRE },
    logLevel: 'warning',
  };
}
