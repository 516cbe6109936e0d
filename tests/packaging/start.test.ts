// `npm start` and `npm run build` as processes, in a checkout whose server prints a word and ends.
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
function run(program: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'src/packaging', program)], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

const built = (file: string) => readFile(join(root, 'dist', file), 'utf8');

describe('a start', () => {
  test('builds where nothing is built or the sources changed, and is the server', async () => {
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

  test('runs what is there and says so where the sources changed and no compiler is installed', async () => {
    await write(root, 'dist/src/server.js', "console.log('as built');");
    const { stderr, ...outcome } = await run('start.js');
    expect(outcome).toEqual({ code: 0, stdout: 'as built\n' });
    expect(stderr).toMatch(/^The sources have changed .* no compiler is installed.*\n$/);
  });

  test('says what is missing where nothing is built and no compiler is installed', async () => {
    const { stderr, ...outcome } = await run('start.js');
    expect(outcome).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Plive is not built, .* not installed.*\n$/);
  });

  test('does not run what was built of other sources where they cannot be built', async () => {
    await installPackages(root);
    await write(root, 'dist/src/server.js', "console.log('as built');");
    await write(root, 'src/main.ts', 'const = 1;');
    const { stderr, ...outcome } = await run('start.js');
    expect(outcome).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('src/main.ts:1:6');
  });

  test('is not in the way of another', async () => {
    await installPackages(root);
    const first = { code: 7, stdout: 'first\n', stderr: '' };
    expect(await Promise.all([run('start.js'), run('start.js')])).toEqual([first, first]);
    expect(await built('sources.sha256')).toBe(hashOfSources(root));
  });
});

describe('a build that fails', () => {
  test.each(['src/cli/main.ts', 'projections/index.ts'])('of %s leaves what was built', async (name) => {
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
