// The SQLite picture store under the contract of all picture stores, and what it leaves in the files: nothing.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { sqlitePictureStore } from '../../src/sqlite/pictures/sqlite-picture-store.ts';
import { pictureContract } from '../identity/picture-store.contract.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { ROOT } from '../support/root.ts';

async function besideLog() {
  const directory = await temporaryDirectory();
  const journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  return {
    directory,
    store: () => sqlitePictureStore({ root: ROOT, directory }),
    async dispose() {
      await journal.close();
      await rm(directory, { recursive: true });
    },
  };
}

pictureContract('SQLite', besideLog);

test('nothing of an erased picture is left in the files', async () => {
  const { directory, store: open, dispose } = await besideLog();
  const store = open();
  const holds = async () => {
    const files = await Promise.all(['plive.db', 'plive.db-wal'].map((name) => readFile(join(directory, name))));
    return files.some((bytes) => bytes.includes('something secret'));
  };
  const bytes = Buffer.from('something secret '.repeat(1_000));
  await store.put('acme', { digest: 's', type: 'image/png', bytes });
  expect(await holds()).toBe(true);
  await store.keepOnly('acme', []);
  expect(await holds()).toBe(false);
  await store.close();
  await dispose();
});
