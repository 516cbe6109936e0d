// The picture store of several nodes: a table in the log's own PostgreSQL database.
import type { PictureStore, StoredPicture } from '../../identity/picture-store.ts';
import type { Database } from '../database.ts';
import { repeatedTransaction } from '../repeating.ts';
import type { Query } from '../transaction.ts';

/** `database` must be checked and migrated before the first call; the store does not close it. */
export function postgresPictureStore(database: Database): PictureStore {
  const change = async (sql: string, values: unknown[]) => {
    await repeatedTransaction(database, 'requests', (query) => query(sql, values));
  };
  const read: Query = (sql, values) => database.query('requests', sql, values);
  return {
    put: (organizationId, { digest, type, bytes }) => change(PUT, [organizationId, digest, type, Buffer.from(bytes)]),
    async find(organizationId, digest) {
      const [picture] = await read<StoredPicture>(
        'select digest, type, bytes from plive.pictures where organization_id = $1 and digest = $2',
        [organizationId, digest],
      );
      return picture;
    },
    keepOnly: (organizationId, digests, { sparingNew } = { sparingNew: false }) =>
      change(ERASE, [organizationId, digests, sparingNew]),
    async organizations() {
      const rows = await read<{ id: string }>('select distinct organization_id as id from plive.pictures');
      return rows.map(({ id }) => id);
    },
    async close() {},
  };
}

const PUT = `insert into plive.pictures values ($1, $2, $3, $4, now())
  on conflict (organization_id, digest) do update set put_at = now()`;

const ERASE = `delete from plive.pictures where organization_id = $1 and digest <> all($2)
  and not ($3 and put_at > now() - interval '1 minute')`;
