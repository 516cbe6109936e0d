// The shape of the code: which folder may import which, as biome.json says, the sizes of folders and files, and the names of
// exported types.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const ARROWS = 'lint/style/noRestrictedImports';
const PROCESS = 'lint/correctness/noProcessGlobal';
const DEPENDENCIES = 'lint/correctness/noUndeclaredDependencies';
const PROTOCOL = 'lint/style/useNodejsImportProtocol';
const CYCLES = 'lint/suspicious/noImportCycles';
const CONSOLE = 'lint/suspicious/noConsole';
const BARREL = 'lint/performance/noBarrelFile';

/** The folders of `src/`, each above those that it may import. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  bounds: [],
  text: [],
  log: ['bounds'],
  'read-models': ['log', 'bounds', 'text'],
  commands: ['read-models', 'log', 'bounds', 'text'],
  identity: ['commands', 'read-models', 'log', 'bounds', 'text'],
  workflows: ['identity', 'commands', 'read-models', 'log', 'bounds', 'text'],
  http: ['workflows', 'identity', 'commands', 'read-models', 'log', 'bounds', 'text'],
  api: ['http', 'workflows', 'identity', 'commands', 'read-models', 'log', 'bounds', 'text'],
  web: ['http', 'workflows', 'identity', 'commands', 'read-models', 'log', 'bounds', 'text'],
  realtime: ['http', 'workflows', 'identity', 'commands', 'read-models', 'log', 'bounds', 'text'],
  reactors: ['http', 'workflows', 'identity', 'commands', 'read-models', 'log', 'bounds', 'text'],
  sqlite: ['identity', 'read-models', 'log', 'bounds', 'text'],
  postgres: ['identity', 'read-models', 'log', 'bounds', 'text'],
};
/** Every folder but the two that build and start everything. */
const PARTS = Object.keys(BELOW);
/** The folders that have folders of their own. */
const NESTED = ['commands', 'http', 'api', 'web', 'realtime', 'reactors', 'sqlite', 'postgres'];

/** Ways to write a path so that it looks like another. */
const ROUNDABOUT = ['./../b.ts', './deep/../../b.ts', '../../projections/../src/b.ts'];
const PACKAGES = ['rxjs', 'zod', 'node:crypto'];

interface Arrows {
  readonly file: string;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

/** What a file in a folder right below `src/` may import: the folders below its own, and packages. */
function folder(name: string, below: readonly string[]): Arrows {
  const others = [...PARTS, 'app', 'cli', 'later'].filter((other) => other !== name && !below.includes(other));
  const projections = name === 'bounds' ? 'refused' : 'allowed';
  const arrows = {
    file: `src/${name}/a.ts`,
    allowed: ['./b.ts', './deep/b.ts', ...PACKAGES, ...below.map(inFolder)],
    refused: [...others.map(inFolder), '../main.ts', '../../tests/b.ts', ...ROUNDABOUT, 'node:process'],
  };
  return { ...arrows, [projections]: [...arrows[projections], '../../projections/b.ts'] };
}

/** The same from one folder further down. */
function deeper({ file, allowed, refused }: Arrows): Arrows {
  const climb = (specifier: string) => (specifier.startsWith('../') ? `../${specifier}` : specifier);
  return {
    file: file.replace('/a.ts', '/deep/a.ts'),
    allowed: ['../b.ts', '../beside/b.ts', ...allowed.map(climb)],
    refused: refused.map(climb),
  };
}

function inFolder(name: string): string {
  return `../${name}/b.ts`;
}

const FOLDERS = Object.entries(BELOW)
  .filter(([name]) => name !== 'text')
  .map(([name, below]) => folder(name, below));

const CLI = folder('cli', ['app', ...PARTS]);

/** Text also runs in a browser: it imports one package. */
const TEXT: Arrows = {
  file: 'src/text/a.ts',
  allowed: ['marked', './b.ts', './deep/b.ts', '../../projections/b.ts'],
  refused: [...PACKAGES, ...['../bounds/b.ts', '../log/b.ts', '../main.ts', 'node:process'], ...ROUNDABOUT],
};

const PLACES: readonly Arrows[] = [
  {
    file: 'projections/a.ts',
    allowed: ['zod', './b.ts', './events/b.ts', './viewer/b.ts', './state/b.ts'],
    refused: [...['rxjs', 'uuid', 'node:crypto', '../src/log/b.ts', './../src/log/b.ts'], './kinds.ts', './models.ts'],
  },
  { file: 'projections/kinds.ts', allowed: ['./b.ts', './models.ts'], refused: ['rxjs', '../src/log/b.ts'] },
  {
    file: 'projections/events/a.ts',
    allowed: ['zod', './b.ts'],
    refused: ['rxjs', '../b.ts', '../viewer/b.ts', '../state/b.ts', '../../src/log/b.ts'],
  },
  {
    file: 'projections/viewer/a.ts',
    allowed: ['zod', './b.ts', '../events/b.ts'],
    refused: ['rxjs', '../b.ts', '../state/b.ts', '../../src/log/b.ts'],
  },
  {
    file: 'projections/state/a.ts',
    allowed: ['zod', './b.ts', '../events/b.ts', '../viewer/b.ts'],
    refused: ['rxjs', '../b.ts', '../../src/log/b.ts'],
  },
  {
    file: 'projections/selectors/a.ts',
    allowed: ['zod', './b.ts', '../b.ts', '../events/b.ts', '../viewer/b.ts', '../state/b.ts', '../later/b.ts'],
    refused: ['rxjs', '../kinds.ts', '../models.ts', '../index.ts', '../../src/log/b.ts'],
  },
  ...FOLDERS,
  TEXT,
  deeper(TEXT),
  ...FOLDERS.filter(({ file }) => NESTED.some((name) => file === `src/${name}/a.ts`)).map(deeper),
  { file: 'src/main.ts', allowed: ['dotenv', './app/b.ts'], refused: ['./cli/b.ts', './log/b.ts', '../tests/b.ts'] },
  { file: 'src/later/a.ts', allowed: ['zod'], refused: ['./b.ts', '../log/b.ts', '../../projections/b.ts'] },
  folder(
    'app',
    PARTS.filter((name) => name !== 'app'),
  ),
  CLI,
  deeper(CLI),
  {
    file: 'src/packaging/a.js',
    allowed: ['./b.js', 'node:process', 'esbuild'],
    refused: ['rxjs', '../main.ts', '../app/b.ts', '../../projections/b.ts', '../../tests/b.ts', './../app/b.ts'],
  },
];

const STATEMENTS: readonly (readonly [file: string, code: string, ...rules: string[]])[] = [
  ['src/web/typed.ts', "import type { Message } from '../realtime/b.ts'; export const sent: Message[] = [];", ARROWS],
  ['src/web/value.ts', "import * as protocol from '../realtime/b.ts'; protocol.parse();", ARROWS],
  ['src/web/effect.ts', "import '../realtime/b.ts';", ARROWS],
  ['src/log/dynamic.ts', "export const later = import('../http/b.ts');", ARROWS],
  ['src/log/passed-on.ts', "export type { Route } from '../http/route.ts';", ARROWS],
  ['src/log/environment.ts', 'export const port = process.env.PORT;', PROCESS],
  ['src/app/app.ts', 'process.exitCode = 1;', PROCESS],
  ['src/app/serve.ts', 'process.exitCode = 1;', PROCESS],
  ['src/sqlite/journal/worker.ts', 'globalThis.process.exit();', PROCESS],
  ['src/cli/export.ts', 'export const words = process.argv;', PROCESS],
  ['projections/pid.ts', 'export const { pid } = process;', PROCESS],
  ['src/main.ts', 'process.exitCode = 1;'],
  ['src/cli/main.ts', 'process.exitCode = 1;'],
  ['src/log/bare.ts', "import 'process';", PROTOCOL],
  ['src/http/printed.ts', "console.log('hello');", CONSOLE],
  ['src/cli/printed.ts', "console.log('hello');"],
  ['src/http/tested.ts', "import 'jest';", DEPENDENCIES],
  ['src/http/bundled.ts', "import 'esbuild';", DEPENDENCIES],
  ['src/packaging/build.js', "import 'esbuild'; console.log(process.pid);"],
  ['src/log/self.ts', "import './other.ts';", CYCLES],
  ['src/log/other.ts', "import type { Self } from './self.ts'; export type Other = Self;", CYCLES],
  ['src/log/everything.ts', "export { b } from './b.ts';", BARREL],
  ['projections/index.ts', "export { b } from './b.ts';"],
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** What `tests/gathering/gather.ts` writes. */
const GATHERED = 'build/tests/gathered';

const trees: string[] = [];

/** What Biome says of a tree of these files under the project's configuration. */
function lint(files: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const tree = mkdtempSync(join(tmpdir(), 'plive-architecture-'));
  trees.push(tree);
  for (const name of ['biome.json', 'package.json']) copyFileSync(name, join(tree, name));
  for (const [file, code] of files) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), `${code}\n`);
  }
  const biome = join(process.cwd(), 'node_modules/@biomejs/biome/bin/biome');
  const flags = ['--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', ...flags], { cwd: tree, encoding: 'utf8' });
  return JSON.parse(stdout).diagnostics;
}

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true });
});

describe('the size of the rooms', () => {
  const files = ['src', 'projections'].flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );

  test('src/ itself holds main.ts alone', () => {
    expect(files.filter((file) => dirname(file) === 'src')).toEqual(['src/main.ts']);
  });

  test('no folder holds more than 32 files', () => {
    const full = new Set(
      files.map(dirname).filter((folder, _, all) => all.filter((each) => each === folder).length > 32),
    );
    expect([...full]).toEqual([]);
  });

  test('no file has more than 400 lines, but for the words of a language, which are all in one', () => {
    const rooms = files.filter((file) => !file.startsWith('src/text/words/'));
    expect(rooms.filter((file) => readFileSync(file, 'utf8').split('\n').length > 401)).toEqual([]);
  });
});

test('all tests are in the gatherings that npm test runs', () => {
  const gathered = readdirSync(GATHERED).map((name) => readFileSync(join(GATHERED, name), 'utf8'));
  const blocks = gathered.flatMap((code) => [...code.matchAll(/^describe\d*\("([^"]+)", /gm)].map(([, file]) => file));
  const tests = readdirSync('tests', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  expect(blocks.sort()).toEqual(tests.map((name) => name.replace('.test.ts', '')).sort());
});

describe('what a file in each place may import', () => {
  const planted = PLACES.map(({ file, allowed, refused }) => ({ file, refused, specifiers: [...allowed, ...refused] }));
  const code = (specifiers: readonly string[]) => specifiers.map((specifier) => `import '${specifier}';`).join('\n');
  const diagnostics = lint(new Map(planted.map(({ file, specifiers }) => [file, code(specifiers)])));

  test.each(planted)('$file', ({ file, specifiers, refused }) => {
    // Planting every import at once makes cycles: those are the next table's.
    const found = diagnostics.filter(({ category, location }) => location.path === file && category !== CYCLES);
    expect(found.map(({ location }) => specifiers[location.start.line - 1]).sort()).toEqual([...refused].sort());
    expect(found.filter(({ category }) => category !== ARROWS)).toEqual([]);
  });
});

describe('how it may be written', () => {
  const diagnostics = lint(new Map(STATEMENTS.map(([file, code]) => [file, code])));

  test.each(STATEMENTS.map(([file, code, ...rules]) => ({ file, code, rules })))('$file: $code', ({ file, rules }) => {
    const found = diagnostics.filter(({ location }) => location.path === file);
    expect(found.map(({ category }) => category)).toEqual(rules);
  });
});

test('no two exported types have one name', () => {
  const files = ['src', 'projections'].flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((file) => join(directory, file)),
  );
  const places = new Map<string, string[]>();
  for (const file of files.filter((each) => each.endsWith('.ts'))) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/^export (?:interface|type|class) (\w+)/gm)) {
      places.set(name, [...(places.get(name) ?? []), file]);
    }
  }
  expect(places.size).toBeGreaterThan(100);
  expect([...places].filter(([, sharing]) => sharing.length > 1)).toEqual([]);
});
