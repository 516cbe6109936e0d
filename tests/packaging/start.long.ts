// `npm start` and `npm run build` as processes, in a checkout whose server prints a word and exits.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashOfSources } from '../../src/packaging/sources.js';
import { installPackages, makeCheckout, serverThatPrints, write } from './checkout.ts';

let root: string;

beforeEach(async () => {
  root = await makeCheckout();
});

afterEach(() => rm(root, { recursive: true }));

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of src/packaging in the checkout. */
function run(program: string, ...args: readonly string[]): Promise<Outcome> {
  const command = [join(root, 'src/packaging', program), ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

const built = (file: string) => readFile(join(root, 'dist', file), 'utf8');

describe('a start', () => {
  test('builds if there is no build or the sources changed, and runs the server', async () => {
    await installPackages(root);
    expect(await run('start.js')).toEqual({ code: 7, stdout: 'first\n', stderr: '' });
    expect(await built('sources.sha256')).toBe(hashOfSources(root));
    expect(await built('projections/index.d.ts')).toContain('one: number');
    expect((await readdir(join(root, 'dist'))).sort()).toEqual(['projections', 'sources.sha256', 'src']);

    await write(root, 'dist/src/server.js', "console.log('not built again');");
    expect(await run('start.js')).toEqual({ code: 0, stdout: 'not built again\n', stderr: '' });

    await serverThatPrints(root, 'second');
    expect(await run('start.js')).toEqual({ code: 7, stdout: 'second\n', stderr: '' });
  });

  test('shows the lines of the sources in stack traces', async () => {
    await installPackages(root);
    await write(
      root,
      'src/fault.ts',
      'interface Fault {}\nexport const fail = (_fault: Fault): never => {\n  throw new Error("x");\n};',
    );
    await write(root, 'src/main.ts', "import { fail } from './fault.ts';\n\nfail({});");
    const { code, stderr } = await run('start.js');
    expect(code).toBe(1);
    expect(stderr).toContain(`${join(root, 'src/fault.ts')}:3:9`);
    expect(stderr).toContain(`${join(root, 'src/main.ts')}:3:1`);
  });

  test('runs the outdated build and says so if no compiler is installed', async () => {
    await write(root, 'dist/src/server.js', "console.log('as built');");
    const { stderr, ...outcome } = await run('start.js');
    expect(outcome).toEqual({ code: 0, stdout: 'as built\n' });
    expect(stderr).toMatch(/^The sources have changed .* no compiler is installed: .* outdated build.*\n$/);
  });

  test('names the missing packages if there is no build and no compiler', async () => {
    const { stderr, ...outcome } = await run('start.js');
    expect(outcome).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Plive is not built, .* not installed.*\n$/);
  });

  test('does not run an outdated build if the sources cannot be built', async () => {
    await installPackages(root);
    await write(root, 'dist/src/server.js', "console.log('as built');");
    await write(root, 'src/main.ts', 'const = 1;');
    const { stderr, ...outcome } = await run('start.js');
    expect(outcome).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('src/main.ts:1:6');
  });

  test('can run at the same time as another start', async () => {
    await installPackages(root);
    const first = { code: 7, stdout: 'first\n', stderr: '' };
    expect(await Promise.all([run('start.js'), run('start.js')])).toEqual([first, first]);
    expect(await built('sources.sha256')).toBe(hashOfSources(root));
  });
});

describe('a build', () => {
  beforeEach(async () => {
    await installPackages(root);
    await write(root, 'dist/src/identity/identity.js', 'of an earlier version');
    await write(root, 'dist/tests/old.js', 'of an earlier version');
    await write(root, 'dist/unfinished-abc/src/server.js', 'of a build that runs now');
  });

  test('removes from dist/ what it did not make, but not the work of another build', async () => {
    expect(await run('build.js')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await readdir(join(root, 'dist'))).sort()).toEqual([
      'projections',
      'sources.sha256',
      'src',
      'unfinished-abc',
    ]);
    expect((await readdir(join(root, 'dist/src'))).sort()).toEqual([
      ...['cli', 'server.js', 'server.js.map', 'sqlite', 'web'],
    ]);
    expect(await built('unfinished-abc/src/server.js')).toContain('runs now');
  });

  test('removes nothing from another directory, where other files may be', async () => {
    const other = join(root, 'other');
    await write(root, 'other/src/mine.js', 'not of a build');
    expect(await run('build.js', other)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await readdir(join(other, 'src'))).sort()).toEqual([
      ...['cli', 'mine.js', 'server.js', 'server.js.map', 'sqlite', 'web'],
    ]);
    expect(await built('src/identity/identity.js')).toBe('of an earlier version');
  });
});

describe('a build that fails', () => {
  test.each(['projections/index.ts', 'src/cli/main.ts'])('in %s leaves dist/ as it was', async (name) => {
    await installPackages(root);
    await write(root, 'dist/sources.sha256', 'of other sources');
    await write(root, 'dist/src/server.js', "console.log('as built');");
    await write(root, name, 'const = 1;');
    const { code, stderr } = await run('build.js');
    expect(code).toBe(1);
    expect(stderr).toContain(`${name}`);
    expect(readdirSync(join(root, 'dist'), { recursive: true }).sort()).toEqual([
      'sources.sha256',
      'src',
      'src/server.js',
    ]);
    expect(await built('sources.sha256')).toBe('of other sources');
    expect(await built('src/server.js')).toContain('as built');
  });
});
