// People: adding, finding, changing and erasing them.
import type { Profile, Spending, User } from '../../identity/identity-store.ts';
import { PostgresError } from '../journal-error.ts';
import type { Query } from '../transaction.ts';
import { type IdentityConnections, idsOf, type StoreCalls } from './identity-calls.ts';
import { endResetLinks, type LockedLink, lockLink, removeLink, spend } from './links.ts';
import type { PendingTable } from './pending.ts';
import { revoke } from './revocations.ts';

type PeopleCalls = StoreCalls<
  'addUser' | 'findUser' | 'listPeople' | 'renameUser' | 'setPassword' | 'rehash' | 'eraseUser'
>;

const USER = 'select id, email, name, password, created_at as "createdAt" from plive.users';

/** How often a link may be used with an address that has an account: it must not tell which of many addresses have one. */
const TAKEN_ADDRESSES = 5;

const UNIQUE_VIOLATION = '23505';

export function peopleCalls({ read, change }: IdentityConnections, pending: PendingTable): PeopleCalls {
  return {
    addUser: (user, spending, workflow) =>
      change(async (query) => {
        const added = await (spending ? addWithLink(query, user, spending) : addWithout(query, user));
        if (added === 'added' && workflow) await pending.put(query, workflow);
        return added;
      }),
    async findUser(by) {
      const [user] = await ('id' in by
        ? read<User>(`${USER} where id = $1`, [by.id])
        : read<User>(`${USER} where email = $1`, [by.email]));
      return user;
    },
    listPeople: (ids) => read<Profile>('select id, name, email from plive.users where id = any($1) order by id', [ids]),
    async renameUser(id, name, email) {
      const rename = (query: Query) =>
        query('update plive.users set name = $2, email = $3 where id = $1', [id, name, email]);
      try {
        await change(rename);
        return 'done';
      } catch (error) {
        if (error instanceof PostgresError && error.state === UNIQUE_VIOLATION) return 'email-taken';
        throw error;
      }
    },
    setPassword: (id, password, { keep = '', spending }) =>
      change(async (query) => {
        if (spending && !(await spend(query, spending))) return undefined;
        await query('update plive.users set password = $2 where id = $1', [id, password]);
        await endResetLinks(query, id);
        return endSessionsOf(query, id, keep);
      }),
    async rehash({ id, password }, newHash) {
      await change((query) =>
        query('update plive.users set password = $3 where id = $1 and password = $2', [id, password, newHash]),
      );
    },
    eraseUser: (id) =>
      change(async (query) => {
        // From here on no session of the person can be added: that would need the row.
        const [user] = await query('select from plive.users where id = $1 for update', [id]);
        if (!user) return [];
        await endResetLinks(query, id);
        const ended = await endSessionsOf(query, id, '');
        await query('delete from plive.users where id = $1', [id]);
        await revoke(query, 'user', [id]);
        return ended;
      }),
  };
}

type Added = Awaited<ReturnType<PeopleCalls['addUser']>>;

async function addWithout(query: Query, user: User): Promise<Added> {
  return (await insertUser(query, user)) ? 'added' : 'email-taken';
}

async function addWithLink(query: Query, user: User, spending: Spending): Promise<Added> {
  // Locked first: of all who add a person with this link, one goes on at a time.
  const link = await lockLink(query, spending);
  if (!link) return 'link-spent';
  if (!(await insertUser(query, user))) return tellTaken(query, link);
  await removeLink(query, link);
  return 'added';
}

/** Resolves with `false` if the address is taken, also by one who is being added: it waits for that. */
async function insertUser(query: Query, { id, email, name, password, createdAt }: User): Promise<boolean> {
  const inserted = await query(
    'insert into plive.users values ($1, $2, $3, $4, $5) on conflict (email) do nothing returning id',
    [id, email, name, password, createdAt],
  );
  return inserted.length > 0;
}

/** Counts, and spends the link instead of telling more than `TAKEN_ADDRESSES` times. */
async function tellTaken(query: Query, link: LockedLink): Promise<Added> {
  if (link.takenAddresses >= TAKEN_ADDRESSES) {
    await removeLink(query, link);
    return 'link-spent';
  }
  await query('update plive.links set taken_addresses = taken_addresses + 1 where digest = $1', [link.digest]);
  return 'email-taken';
}

async function endSessionsOf(query: Query, userId: string, keep: string): Promise<readonly string[]> {
  const ended = await query<{ id: string }>(
    `delete from plive.sessions where id in
       (select id from plive.sessions where user_id = $1 and id <> $2 order by id for update) returning id`,
    [userId, keep],
  );
  return revoke(query, 'session', idsOf(ended));
}
