// What the browser loads with a page: how much it is, and from which packages.
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { pagesOptions } from '../../src/packaging/pages.js';

/** Compressed, in bytes: what there is and a little more, so that growth is noticed. Both scripts may have 30 kB. */
const BUDGET = { script: 15_500, socket: 14_000, stylesheet: 10_000 };
const PACKAGES = ['idiomorph', 'socket.io-client'];

/** One of the bundles, in memory. */
function bundled(index: number) {
  const options = pagesOptions({ root: process.cwd(), directory: 'build' })[index];
  return build({ ...options, metafile: true, write: false });
}

test('pages load little, and nothing but what is listed here', async () => {
  const { outputFiles, metafile } = await bundled(0);
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

test('what other sites show in a frame loads less', async () => {
  const { outputFiles } = await bundled(1);
  expect(outputFiles).toHaveLength(3);
  for (const [name, most] of [
    [/embed-\w+\.js$/, 12_000],
    [/embed-\w+\.css$/, 3_500],
  ] as const) {
    const file = outputFiles.find(({ path }) => name.test(path));
    expect(gzipSync(file?.contents ?? '').length).toBeLessThanOrEqual(most);
  }
});

test('the page that checks the record loads a hash function besides', async () => {
  const { outputFiles, metafile } = await bundled(2);
  const sizes = outputFiles.map(({ path, contents }) => [path.split('.').at(-1), gzipSync(contents).length] as const);
  const { js, css } = Object.fromEntries(sizes);
  expect(outputFiles).toHaveLength(2);
  expect(js).toBeLessThanOrEqual(9_000);
  expect(css).toBeLessThanOrEqual(1_000);
  const packages = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules'));
  expect(packages.every((path) => path.startsWith('node_modules/@noble/hashes/'))).toBe(true);
});

test('a wall loads a stylesheet besides', async () => {
  const { outputFiles } = await bundled(3);
  expect(outputFiles).toHaveLength(1);
  expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(1_000);
});

test('the script for other sites is one file of less than 2 kB', async () => {
  const { outputFiles } = await bundled(4);
  expect(outputFiles.map(({ path }) => path.split('/').at(-1))).toEqual(['plive-status.js']);
  expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(2_000);
});
