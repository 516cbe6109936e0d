// `npm run compile-tests` ends with this: it gathers the compiled tests in a few files. Jest takes half a second to set a
// file up and to load the server into it, which is longer than most tests take.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const TESTS = fileURLToPath(new URL('../', import.meta.url));
const GATHERED = join(TESTS, 'gathered');

/** How the names of compiled tests end. */
const TEST = '.test.js';

/** More files are better balanced between the workers of Jest, and take longer to set up. */
const GATHERINGS = 9;

/** Files that take long: this many times as long as most of their size. */
const SLOW: Readonly<Record<string, number>> = {
  'api/accounts/accounts': 5,
  'api/log/event-stream': 6,
  'api/log/scans': 8,
  'api/organizations/credentials': 7,
  'api/page/pictures': 7,
  'api/page/time-travel': 3,
  'app/connections': 13,
  'authorization/fuzz-sockets': 9,
  'authorization/matrix': 10,
  'authorization/sockets': 25,
  compatibility: 10,
  'http/cache/response-cache': 4,
  'http/connections/unread-answers': 8,
  'http/long-lists': 11,
  'http/openapi': 7,
  'http/overload': 16,
  'http/price': 3,
  'http/security': 4,
  'identity/sessions': 4,
  'projections/histories': 6,
  'reactors/maintenance-clock': 3,
  'read-models/encoded-lists': 6,
  'read-models/past-states': 11,
  'realtime/access': 5,
  'realtime/catch-up': 6,
  'realtime/connections': 3,
  'realtime/join-race': 8,
  'realtime/protocol': 4,
  'realtime/resume': 5,
  'realtime/updates-live': 2,
  'sqlite/sqlite-journal': 184,
  'web/front-page': 53,
  'web/live': 13,
};

/** Includes the tests, and leaves the modules that they import where they are. */
const testsAlone: Plugin = {
  name: 'tests-alone',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path);
      return file.endsWith(TEST) ? { path: file } : { path: relative(GATHERED, file), external: true };
    });
    onLoad({ filter: /\.test\.js$/ }, ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url) };
    });
  },
};

/**
 * A module that evaluates each file within a block of its own: hooks at the top level of a file are for that file alone.
 */
function gathering(files: readonly string[]): string {
  const blocks = files.map((file) => `describe('${nameOf(file)}', () => { require('./${file}'); });`);
  return ["import { describe } from '@jest/globals';", ...blocks].join('\n');
}

function nameOf(file: string): string {
  return file.slice(0, -TEST.length);
}

/** The files in gatherings that take about as long as each other, each of neighbours. */
function neighbours(files: readonly string[]): readonly (readonly string[])[] {
  const costs = files.map((file) => statSync(join(TESTS, file)).size * (SLOW[nameOf(file)] ?? 1));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const gatherings: string[][] = Array.from({ length: GATHERINGS }, () => []);
  let before = 0;
  for (const [index, file] of files.entries()) {
    const cost = costs[index] ?? 0;
    gatherings[Math.floor((GATHERINGS * (before + cost / 2)) / total)]?.push(file);
    before += cost;
  }
  return gatherings.filter(({ length }) => length > 0);
}

const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(TEST));
mkdirSync(GATHERED);
const built = neighbours(files.sort()).map((gathered, index) =>
  build({
    stdin: { contents: gathering(gathered), resolveDir: TESTS },
    outfile: join(GATHERED, `${index + 1}.test.js`),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // A block cannot wait.
    supported: { 'top-level-await': false },
    plugins: [testsAlone],
    logLevel: 'warning',
  }),
);
await Promise.all(built);
