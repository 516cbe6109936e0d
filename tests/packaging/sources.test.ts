// The hash of the sources: which changes alter it, and which do not.
import { copyFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashOfSources } from '../../src/packaging/sources.js';
import { makeCheckout, write } from './checkout.ts';

let root: string;

beforeEach(async () => {
  root = await makeCheckout();
});

afterEach(() => rm(root, { recursive: true }));

describe('the hash of the sources', () => {
  test.each([
    'src/main.ts',
    'src/cli/main.ts',
    'src/packaging/start.js',
    'projections/index.ts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ])('changes with the content of %s', async (name) => {
    const before = hashOfSources(root);
    await write(root, name, 'const other = 2;');
    expect(hashOfSources(root)).not.toBe(before);
  });

  test('changes with the name of a file', async () => {
    const before = hashOfSources(root);
    await rename(join(root, 'projections/index.ts'), join(root, 'projections/other.ts'));
    expect(hashOfSources(root)).not.toBe(before);
  });

  test('changes with an empty file', async () => {
    const before = hashOfSources(root);
    await write(root, 'src/deep/er/empty.ts', '');
    expect(hashOfSources(root)).not.toBe(before);
  });

  test('changes when text moves from one file to the next', async () => {
    await write(root, 'src/a.ts', 'one;two;');
    await write(root, 'src/b.ts', 'three;');
    const before = hashOfSources(root);
    await write(root, 'src/a.ts', 'one;');
    await write(root, 'src/b.ts', 'two;three;');
    expect(hashOfSources(root)).not.toBe(before);
  });

  test('ignores modification times and files that no build reads', async () => {
    const before = hashOfSources(root);
    await utimes(join(root, 'src/main.ts'), 1, 1);
    await copyFile('README.md', join(root, 'README.md'));
    await write(root, 'tests/a.test.ts', 'test();');
    await write(root, 'dist/src/server.js', 'serve();');
    expect(hashOfSources(root)).toBe(before);
  });
});
