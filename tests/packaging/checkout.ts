// A checkout as small as can be built and started: its server prints a word and ends.
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ALL_BUNDLES } from '../../src/packaging/bundles.js';
import { temporaryDirectory } from '../support/journals.ts';

/** Makes one without packages, and answers where. */
export async function makeCheckout(): Promise<string> {
  const root = await temporaryDirectory();
  await cp('src/packaging', join(root, 'src/packaging'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'projections/tsconfig.json']) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await cp(name, join(root, name));
  }
  await write(root, 'projections/index.ts', 'export const one: number = 1;');
  for (const entry of Object.values(ALL_BUNDLES)) await write(root, `src/${entry}`, 'export {};');
  await serverThatPrints(root, 'first');
  return root;
}

/** Its packages are those that are installed here. */
export async function installPackages(root: string): Promise<void> {
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
}

/** Lets its server print this, and end with exit code 7. */
export async function serverThatPrints(root: string, word: string): Promise<void> {
  await write(root, 'src/main.ts', `console.log('${word}'); process.exit(7);`);
}

/** Writes a file of it. */
export async function write(root: string, name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}
