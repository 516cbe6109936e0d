// A minimal checkout that can be built and started. Its server prints a word and exits.
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ALL_BUNDLES } from '../../src/packaging/bundles.js';
import { PAGE_ENTRIES } from '../../src/packaging/pages.js';
import { temporaryDirectory } from '../support/journals.ts';

/** Makes a checkout without node_modules, and resolves with its directory. */
export async function makeCheckout(): Promise<string> {
  const root = await temporaryDirectory();
  await cp('src/packaging', join(root, 'src/packaging'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'projections/tsconfig.json']) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await cp(name, join(root, name));
  }
  await write(root, 'projections/index.ts', 'export const one: number = 1;');
  for (const entry of Object.values(ALL_BUNDLES)) await write(root, `src/${entry}`, 'export {};');
  for (const entry of PAGE_ENTRIES) await write(root, `src/web/${entry}`, '');
  await serverThatPrints(root, 'first');
  return root;
}

/** Links the node_modules of this repository into the checkout. */
export async function installPackages(root: string): Promise<void> {
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
}

/** Makes the server of the checkout print a word and exit with code 7. */
export async function serverThatPrints(root: string, word: string): Promise<void> {
  await write(root, 'src/main.ts', `console.log('${word}'); process.exit(7);`);
}

/** Writes a file of the checkout. */
export async function write(root: string, name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}
