// Pictures in memory under the contract of all picture stores.
import { memoryPictures } from '../../src/identity/memory-pictures.ts';
import { pictureContract } from './picture-store.contract.ts';

pictureContract('memory', async () => {
  const store = memoryPictures();
  return { store: () => store, dispose: async () => {} };
});
