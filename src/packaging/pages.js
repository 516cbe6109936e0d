// Bundles what the browser loads with a page: stylesheets and scripts, in files that are named after their content.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Where the files are, from the directory that `src/` is compiled to. */
const ASSETS = 'web/assets';

/**
 * Entry points, from `src/web/`. The name of each is its key in the manifest. Each group is bundled by itself: what two
 * scripts share would become a file of its own, which the pages of both would wait for.
 */
const GROUPS = [
  ['styles/pages.css', 'browser/page.ts'],
  ['styles/embed.css', 'browser/embed.ts'],
  ['styles/verify.css', 'browser/verify.ts'],
  ['styles/wall.css'],
];

/** The script for pages of other sites. They name it, so its name does not change with its content. */
const ELEMENT = 'embed-element/plive-status.ts';

/** All entry points, from `src/web/`. */
export const PAGE_ENTRIES = [...GROUPS.flat(), ELEMENT];

/** The oldest browsers that a page is made for: the first with `light-dark()`. */
const BROWSERS = ['es2022', 'chrome123', 'firefox120', 'safari17.5'];

/**
 * The client of Socket.IO as it bundles itself. Bundled from its modules it needs a helper of esbuild's, which becomes a
 * file of its own that every page would wait for.
 */
const SOCKET_CLIENT = 'node_modules/socket.io-client/dist/socket.io.esm.min.js';

/**
 * The esbuild options of each bundle. `directory` is where `src/` is compiled to.
 * @param {{ root: string; directory: string }} places
 * @returns {(import('esbuild').BuildOptions & { metafile: true })[]}
 */
export function pagesOptions({ root, directory }) {
  /** @type {(entries: readonly string[]) => import('esbuild').BuildOptions & { metafile: true }} */
  const common = (entries) => ({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => join(root, 'src/web', entry)),
    outdir: join(directory, 'src', ASSETS),
    bundle: true,
    minify: true,
    target: BROWSERS,
    metafile: true,
    logLevel: 'warning',
  });
  const ofPages = GROUPS.map((group) => ({
    ...common(group),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    alias: { 'socket.io-client': join(root, SOCKET_CLIENT) },
    format: /** @type {const} */ ('esm'),
  }));
  return [...ofPages, { ...common([ELEMENT]), format: 'iife' }];
}

/**
 * Writes the manifest, by which the server finds the files: `entries` has the name of the file of each entry point,
 * `files` the names of all that are named after their content.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @param {string} directory
 */
export function writeManifest(metafiles, directory) {
  const written = metafiles
    .flatMap(({ outputs }) => Object.entries(outputs))
    .map(([file, { entryPoint }]) => ({ name: basename(file), entryPoint }))
    .filter(({ entryPoint }) => !entryPoint?.endsWith(ELEMENT));
  const entries = written.flatMap(({ name, entryPoint }) => {
    const known = GROUPS.flat().find((entry) => entryPoint?.endsWith(`src/web/${entry}`));
    return known === undefined ? [] : [[basename(known).replace(/\.ts$/, '.js'), name]];
  });
  const files = [...new Set(written.map(({ name }) => name))].sort();
  const manifest = { entries: Object.fromEntries(entries), files };
  writeFileSync(join(directory, 'src', ASSETS, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
