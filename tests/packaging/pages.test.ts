// What the browser loads with a page: how much it is, and from which packages.
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { pagesOptions } from '../../src/packaging/pages.js';

/** Compressed, in bytes. */
const BUDGET = { script: 15_000, socket: 14_000, stylesheet: 10_000 };
const PACKAGES = ['idiomorph', 'socket.io-client'];

test('pages load little, and nothing but what is listed here', async () => {
  const options = pagesOptions({ root: process.cwd(), directory: 'build' });
  const { outputFiles, metafile } = await build({ ...options, write: false });
  const sizeOf = (name: RegExp) => {
    const files = outputFiles.filter(({ path }) => name.test(path));
    expect([name, files.length]).toEqual([name, 1]);
    return files.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
  };
  expect(sizeOf(/page-\w+\.js$/)).toBeLessThanOrEqual(BUDGET.script);
  expect(sizeOf(/socket\.io[^/]*\.js$/)).toBeLessThanOrEqual(BUDGET.socket);
  expect(sizeOf(/pages-\w+\.css$/)).toBeLessThanOrEqual(BUDGET.stylesheet);
  expect(outputFiles).toHaveLength(3);

  const inputs = Object.keys(metafile.inputs);
  const packages = inputs.flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual(PACKAGES);
});
