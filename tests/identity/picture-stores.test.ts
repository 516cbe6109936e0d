// Every picture store: what is put in is found by whose it is alone, and what is not kept is gone from the files too.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { memoryPictures } from '../../src/identity/memory-pictures.ts';
import type { PictureStore } from '../../src/identity/picture-store.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { sqlitePictureStore } from '../../src/sqlite/pictures/sqlite-picture-store.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { ROOT } from '../support/root.ts';

let directory: string;
let journal: SqliteJournal;
beforeAll(async () => {
  directory = await temporaryDirectory();
  journal = new SqliteJournal({ directory, root: ROOT, now: () => new Date() });
  await journal.open();
});
afterAll(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

const picture = (digest: string, text = digest) => ({ digest, type: 'image/png', bytes: Buffer.from(text) });

describe.each<[string, () => PictureStore]>([
  ['in memory', memoryPictures],
  ['in SQLite', () => sqlitePictureStore({ root: ROOT, directory })],
])('pictures %s', (_, open) => {
  let store: PictureStore;
  beforeEach(() => {
    store = open();
  });
  afterEach(() => store.close());

  const textOf = async (organizationId: string, digest: string) => {
    const found = await store.find(organizationId, digest);
    return found && [found.digest, found.type, Buffer.from(found.bytes).toString()];
  };

  test('are found by organisation and digest, and never shared', async () => {
    await store.put('acme', picture('a', 'first'));
    await store.put('acme', picture('a', 'first'));
    await store.put('beta', picture('b'));
    expect(await textOf('acme', 'a')).toEqual(['a', 'image/png', 'first']);
    expect([await textOf('beta', 'a'), await textOf('acme', 'b')]).toEqual([undefined, undefined]);
    expect([...(await store.organizations())].sort()).toEqual(['acme', 'beta']);
  });

  test('are erased unless they are kept, of one organisation alone', async () => {
    await store.put('acme', picture('a'));
    await store.put('acme', picture('b'));
    await store.put('beta', picture('a'));
    await store.keepOnly('acme', ['b', 'c']);
    expect([await textOf('acme', 'a'), (await textOf('acme', 'b'))?.[0]]).toEqual([undefined, 'b']);
    expect((await textOf('beta', 'a'))?.[0]).toBe('a');
    await store.keepOnly('acme', []);
    expect(await store.organizations()).not.toContain('acme');
  });
});

test('nothing of an erased picture is left in the files', async () => {
  const store = sqlitePictureStore({ root: ROOT, directory });
  const holds = async () => {
    const files = await Promise.all(['plive.db', 'plive.db-wal'].map((name) => readFile(join(directory, name))));
    return files.some((bytes) => bytes.includes('something secret'));
  };
  await store.put('acme', picture('s', 'something secret '.repeat(1_000)));
  expect(await holds()).toBe(true);
  await store.keepOnly('acme', []);
  expect(await holds()).toBe(false);
  await store.close();
});
