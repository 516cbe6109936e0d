// How much the programs are: every start parses all of it.
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { bundleOptions, COMMAND_LINE, SERVER, SERVER_BUNDLES } from '../../src/packaging/bundles.js';

/** In bytes: what there is and a little more, so that growth is noticed. */
const BUDGETS = [
  [SERVER, SERVER_BUNDLES[SERVER], 3_200_000],
  [COMMAND_LINE, 'cli/main.ts', 750_000],
] as const;

test.each(BUDGETS)('%s is bundled from what it uses', async (file, entry, budget) => {
  const options = bundleOptions({ [file]: entry as string }, { root: process.cwd(), directory: 'build' });
  const { outputFiles } = await build({ ...options, write: false });
  const [size = 0] = outputFiles.filter(({ path }) => path.endsWith('.js')).map(({ contents }) => contents.length);
  expect(size).toBeGreaterThan(budget / 2);
  expect(size).toBeLessThanOrEqual(budget);
});
