// The PostgreSQL picture store under the contract of all picture stores.
import { expect, test } from '@jest/globals';
import { Database } from '../../src/postgres/database.ts';
import { postgresPictureStore } from '../../src/postgres/pictures/postgres-picture-store.ts';
import { pictureContract } from '../identity/picture-store.contract.ts';
import { newDatabase } from '../support/postgres.ts';

pictureContract('PostgreSQL', async () => {
  const { url, drop } = await newDatabase();
  const database = new Database({ url, allowUnsafe: false }, { nodeName: 'tested' });
  return {
    store: () => postgresPictureStore(database),
    async dispose() {
      await database.close();
      await drop();
    },
  };
});

test('what was put a moment ago can be spared, because another node may be about to show it', async () => {
  const { url, drop } = await newDatabase();
  const database = new Database({ url, allowUnsafe: false }, { nodeName: 'tested' });
  const store = postgresPictureStore(database);
  const picture = (digest: string) => ({ digest, type: 'image/png', bytes: Buffer.from(digest) });
  await store.put('acme', picture('old'));
  await database.query('requests', "update plive.pictures set put_at = now() - interval '61 seconds'");
  await store.put('acme', picture('new'));
  await store.keepOnly('acme', [], { sparingNew: true });
  expect([await store.find('acme', 'old'), (await store.find('acme', 'new'))?.digest]).toEqual([undefined, 'new']);
  await store.keepOnly('acme', []);
  expect(await store.find('acme', 'new')).toBeUndefined();
  await database.close();
  await drop();
});
