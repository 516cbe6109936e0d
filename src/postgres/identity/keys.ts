// The secrets of API keys.
import type { StoredKey } from '../../identity/identity-store.ts';
import type { IdentityConnections, StoreCalls } from './identity-calls.ts';

export function keyCalls({
  read,
  change,
}: IdentityConnections): StoreCalls<'addKey' | 'findKey' | 'keyUses' | 'removeKeys'> {
  return {
    async addKey({ id, organizationId, digest }) {
      const added = await change((query) =>
        query(
          `insert into plive.api_keys (id, organization_id, digest) values ($1, $2, $3)
           on conflict (id) do nothing returning id`,
          [id, organizationId, digest],
        ),
      );
      return added.length > 0;
    },
    async findKey(id) {
      const [key] = await read<StoredKey>(
        'select id, organization_id as "organizationId", digest from plive.api_keys where id = $1',
        [id],
      );
      return key;
    },
    async keyUses(ids) {
      const uses = await read<{ id: string; at: string }>(
        'select id, last_used_at as at from plive.api_keys where last_used_at is not null and id = any($1)',
        [ids],
      );
      return uses.map(({ id, at }) => [id, at] as const);
    },
    async removeKeys(ids) {
      // Every node that folds a revocation removes the key.
      await change((query) =>
        query(
          `delete from plive.api_keys where id in
             (select id from plive.api_keys where id = any($1) order by id for update)`,
          [ids],
        ),
      );
    },
  };
}
