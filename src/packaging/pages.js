// Bundles what the browser loads with a page: stylesheets and scripts, in files that are named after their content.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Where the files are, from the directory that `src/` is compiled to. */
const ASSETS = 'web/assets';

/** Entry points, from `src/web/`. The name of each is its key in the manifest. */
const ENTRIES = ['styles/pages.css', 'browser/page.ts'];

/** The oldest browsers that a page is made for: the first with `light-dark()`. */
const BROWSERS = ['es2022', 'chrome123', 'firefox120', 'safari17.5'];

/**
 * The client of Socket.IO as it bundles itself. Bundled from its modules it needs a helper of esbuild's, which becomes a
 * file of its own that every page would wait for.
 */
const SOCKET_CLIENT = 'node_modules/socket.io-client/dist/socket.io.esm.min.js';

/**
 * The esbuild options. `directory` is where `src/` is compiled to.
 * @param {{ root: string; directory: string }} places
 * @returns {import('esbuild').BuildOptions & { metafile: true }}
 */
export function pagesOptions({ root, directory }) {
  return {
    absWorkingDir: root,
    entryPoints: ENTRIES.map((entry) => join(root, 'src/web', entry)),
    outdir: join(directory, 'src', ASSETS),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    alias: { 'socket.io-client': join(root, SOCKET_CLIENT) },
    format: 'esm',
    minify: true,
    target: BROWSERS,
    metafile: true,
    logLevel: 'warning',
  };
}

/**
 * Writes the manifest, by which the server finds the files: `entries` has the name of the file of each entry point,
 * `files` the names of all.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} directory
 */
export function writeManifest({ outputs }, directory) {
  const written = Object.entries(outputs).map(([file, { entryPoint }]) => ({ name: basename(file), entryPoint }));
  const entries = written.flatMap(({ name, entryPoint }) => {
    const known = ENTRIES.find((entry) => entryPoint?.endsWith(`src/web/${entry}`));
    return known === undefined ? [] : [[basename(known).replace(/\.ts$/, '.js'), name]];
  });
  const manifest = { entries: Object.fromEntries(entries), files: written.map(({ name }) => name).sort() };
  writeFileSync(join(directory, 'src', ASSETS, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
