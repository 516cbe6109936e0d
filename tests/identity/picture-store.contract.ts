// What every picture store promises, whatever it is made of.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PictureStore } from '../../src/identity/picture-store.ts';

export interface PictureStorage {
  /** A new store on this storage. The contract closes it. */
  store(): PictureStore;
  dispose(): Promise<void>;
}

export function pictureContract(name: string, make: () => Promise<PictureStorage>): void {
  describe(`${name} keeps the contract: pictures`, () => {
    let storage: PictureStorage;
    let store: PictureStore;
    beforeAll(async () => {
      storage = await make();
    });
    afterAll(() => storage.dispose());
    beforeEach(() => {
      store = storage.store();
    });
    afterEach(() => store.close());

    const picture = (digest: string, text = digest) => ({ digest, type: 'image/png', bytes: Buffer.from(text) });

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

    test('are returned byte for byte', async () => {
      const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256));
      await store.put('acme', { digest: 'bytes', type: 'image/webp', bytes });
      const found = await store.find('acme', 'bytes');
      expect([found?.type, Buffer.compare(Buffer.from(found?.bytes ?? []), bytes)]).toEqual(['image/webp', 0]);
    });
  });
}
