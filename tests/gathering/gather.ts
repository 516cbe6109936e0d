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
const GATHERINGS = 16;

/** Files that take long: this many times as long as most of their size. */
const SLOW: Readonly<Record<string, number>> = {
  'api/accounts/accounts': 11,
  'api/incidents/incidents': 12,
  'api/log/event-stream': 11,
  'api/log/redaction': 29,
  'api/organizations/credentials': 17,
  'api/page/time-travel': 19,
  'api/server/damage': 16,
  'app/clock': 26,
  'app/restart': 32,
  'app/serve': 82,
  'authorization/canary': 21,
  'authorization/fuzz-sockets': 14,
  'authorization/matrix': 47,
  'authorization/pages': 24,
  'authorization/sockets': 42,
  'authorization/today': 26,
  'cli/export-import': 19,
  'cli/links': 24,
  'cli/log': 10,
  'cli/replay': 12,
  'cli/verify': 10,
  'cli/verify-tables': 27,
  compatibility: 7,
  'crash/faults': 16,
  'examples/api': 53,
  'examples/fold-events': 24,
  'examples/follow': 44,
  'examples/planned-work': 58,
  'examples/teams': 49,
  'examples/websocket-client': 4,
  'http/cache/response-cache': 14,
  'http/conditional': 4,
  'http/connections/unread-answers': 10,
  'http/examples': 16,
  'http/openapi': 12,
  'http/security': 5,
  'identity/sessions': 8,
  'identity/store-failures': 21,
  'log/event-log': 9,
  'log/integrity-check': 34,
  'log/memory-journal': 225,
  'packaging/start': 43,
  'postgres/postgres-identity-store': 282,
  'postgres/postgres-journal': 591,
  'projections/histories': 10,
  'reactors/maintenance-clock': 8,
  'read-models/past-states': 12,
  'read-models/snapshots': 11,
  'realtime/access': 6,
  'realtime/connections': 11,
  'realtime/restart': 11,
  'realtime/resume': 6,
  'sqlite/reader-thread': 15,
  'sqlite/sqlite-journal': 39,
  'web/accounts': 23,
  'web/feeds': 6,
  'web/front-page': 49,
  'web/live': 11,
  'workflows/restart': 8,
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
