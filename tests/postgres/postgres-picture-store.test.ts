// The PostgreSQL picture store under the contract of all picture stores.
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
