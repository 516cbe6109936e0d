// The arrows between the folders, as biome.json draws them: what each folder may import, and that anything else is refused.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

const ADAPTERS = ['http', 'reactors', 'realtime', 'web'];

/** What no folder of `src/` may import. */
const OUTSIDE = ['app.ts', 'config.ts', 'main.ts', 'serve.ts', 'cli/b.ts', 'later/b.ts'];
/** Ways to write a path so that it looks like another. */
const ROUNDABOUT = ['./../b.ts', './deep/../../b.ts', '../../projections/../src/b.ts'];

interface Arrows {
  readonly file: string;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

/** What a file in a folder right below `src/` may import: the layers below its own, and packages. */
function layer(name: string, below: readonly string[], above: readonly string[]): Arrows {
  return {
    file: `src/${name}/a.ts`,
    allowed: ['./b.ts', './deep/b.ts', '../../projections/b.ts', 'rxjs', 'zod', 'node:crypto', ...below.map(inLayer)],
    refused: [...above.map(inLayer), ...OUTSIDE.map((path) => `../${path}`), ...ROUNDABOUT],
  };
}

/** The same from one folder further down. */
function deeper({ file, allowed, refused }: Arrows): Arrows {
  const climb = (specifier: string) => (specifier.startsWith('../') ? `../${specifier}` : specifier);
  return {
    file: file.replace('/a.ts', '/deep/a.ts'),
    allowed: ['../b.ts', ...allowed.map(climb)],
    refused: refused.map(climb),
  };
}

function inLayer(name: string): string {
  return `../${name}/b.ts`;
}

const LAYERS: readonly Arrows[] = [
  layer('log', [], ['commands', 'identity', ...ADAPTERS]),
  layer('commands', ['log'], ['identity', ...ADAPTERS]),
  layer('identity', ['commands', 'log'], ADAPTERS),
  ...ADAPTERS.map((adapter) =>
    layer(
      adapter,
      ['identity', 'commands', 'log'],
      ADAPTERS.filter((other) => other !== adapter),
    ),
  ),
];

const EVERY_LAYER = ['commands', 'identity', 'log', ...ADAPTERS];

const PLACES: readonly Arrows[] = [
  {
    file: 'projections/a.ts',
    allowed: ['zod', 'immutable', './b.ts'],
    refused: ['rxjs', 'uuid', 'node:crypto', '../src/log/b.ts', './../src/log/b.ts'],
  },
  ...LAYERS,
  ...LAYERS.map(deeper),
  { file: 'src/config.ts', allowed: ['zod'], refused: ['./app.ts', './log/b.ts', '../projections/b.ts'] },
  { file: 'src/later/a.ts', allowed: ['zod'], refused: ['./b.ts', '../log/b.ts', '../../projections/b.ts'] },
  {
    file: 'src/app.ts',
    allowed: ['express', './config.ts', '../projections/b.ts', ...EVERY_LAYER.map((name) => `./${name}/b.ts`)],
    refused: [
      './main.ts',
      './serve.ts',
      './cli/b.ts',
      '../tests/b.ts',
      '../projections/../tests/b.ts',
      './../tests/b.ts',
    ],
  },
  {
    file: 'src/main.ts',
    allowed: ['dotenv', './serve.ts', './config.ts', './log/b.ts', '../projections/b.ts'],
    refused: ['./cli/b.ts', '../tests/b.ts', '../projections/../tests/b.ts', './../tests/b.ts'],
  },
  {
    file: 'src/serve.ts',
    allowed: ['dotenv', './app.ts', './config.ts', './log/b.ts', '../projections/b.ts'],
    refused: ['./main.ts', './cli/b.ts', '../tests/b.ts', '../projections/../tests/b.ts', './../tests/b.ts'],
  },
  {
    file: 'src/cli/a.ts',
    allowed: [
      './b.ts',
      '../app.ts',
      '../config.ts',
      '../serve.ts',
      '../../projections/b.ts',
      ...EVERY_LAYER.map(inLayer),
    ],
    refused: ['../main.ts', '../later/b.ts', '../../tests/b.ts', ...ROUNDABOUT],
  },
].map((place) => ({
  ...place,
  refused: place.file.startsWith('src/') ? [...place.refused, 'node:process'] : place.refused,
}));

const STATEMENTS: readonly (readonly [file: string, code: string, ...rules: string[]])[] = [
  ['src/web/typed.ts', "import type { Route } from '../http/route.ts'; export const routes: Route[] = [];"],
  ['src/http/typed.ts', "import type { Message } from '../realtime/protocol.ts'; export const sent: Message[] = [];"],
  ['src/web/deep/typed.ts', "import type { Route } from '../../http/route.ts'; export const routes: Route[] = [];"],
  ['src/web/value.ts', "import { parse } from '../http/route.ts'; parse();", ARROWS],
  ['src/web/whole.ts', "import * as protocol from '../realtime/protocol.ts'; protocol.parse();", ARROWS],
  ['src/web/effect.ts', "import '../http/route.ts';", ARROWS],
  ['src/web/other.ts', "import type { Page } from '../http/page.ts'; export const pages: Page[] = [];", ARROWS],
  ['src/log/dynamic.ts', "export const later = import('../http/b.ts');", ARROWS],
  ['src/log/passed-on.ts', "export type { Route } from '../http/route.ts';", ARROWS],
  ['src/log/environment.ts', 'export const port = process.env.PORT;', PROCESS],
  ['src/app.ts', 'process.exitCode = 1;', PROCESS],
  ['src/serve.ts', 'process.exitCode = 1;', PROCESS],
  ['src/log/sqlite-worker.ts', 'globalThis.process.exit();', PROCESS],
  ['src/cli/export.ts', 'export const words = process.argv;', PROCESS],
  ['projections/pid.ts', 'export const { pid } = process;', PROCESS],
  ['src/main.ts', 'process.exitCode = 1;'],
  ['src/cli/main.ts', 'process.exitCode = 1;'],
  ['src/log/bare.ts', "import 'process';", PROTOCOL],
  ['src/http/printed.ts', "console.log('hello');", CONSOLE],
  ['src/cli/printed.ts', "console.log('hello');"],
  ['src/http/tested.ts', "import 'jest';", DEPENDENCIES],
  ['src/log/self.ts', "import './other.ts';", CYCLES],
  ['src/log/other.ts', "import type { Self } from './self.ts'; export type Other = Self;", CYCLES],
  ['src/log/everything.ts', "export { b } from './b.ts';", BARREL],
  ['projections/index.ts', "export { b } from './b.ts';"],
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

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
