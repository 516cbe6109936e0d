// Pictures in memory: they are lost when the process ends. For a log in memory.
import type { PictureStore, StoredPicture } from './picture-store.ts';

export function memoryPictures(): PictureStore {
  const organizations = new Map<string, Map<string, StoredPicture>>();
  return {
    async put(organizationId, picture) {
      const own = organizations.get(organizationId) ?? new Map<string, StoredPicture>();
      organizations.set(organizationId, own.set(picture.digest, picture));
    },
    find: async (organizationId, digest) => organizations.get(organizationId)?.get(digest),
    async keepOnly(organizationId, digests) {
      const own = organizations.get(organizationId) ?? [];
      const kept = [...own].filter(([digest]) => digests.includes(digest));
      if (kept.length > 0) organizations.set(organizationId, new Map(kept));
      else organizations.delete(organizationId);
    },
    organizations: async () => [...organizations.keys()],
    close: async () => {},
  };
}
