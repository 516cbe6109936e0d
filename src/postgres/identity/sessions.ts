// Sessions, and the places from which people have signed in.
import type { KnownPlace, Session } from '../../identity/identity-store.ts';
import { PostgresError } from '../journal-error.ts';
import { type IdentityConnections, idsOf, type StoreCalls } from './identity-calls.ts';
import { revoke } from './revocations.ts';

type SessionCalls = StoreCalls<
  'addSession' | 'findSession' | 'listSessions' | 'endSessions' | 'addPlace' | 'listPlaces'
>;

const SESSION = `select id, user_id as "userId", created_at as "createdAt", last_used_at as "lastUsedAt", agent
  from plive.sessions`;

const FOREIGN_KEY_VIOLATION = '23503';

export function sessionCalls({ read, change }: IdentityConnections): SessionCalls {
  return {
    async addSession({ id, userId, createdAt, lastUsedAt, agent }, digest) {
      const values = [id, digest, userId, createdAt, lastUsedAt, agent];
      try {
        return (await change((query) => query(ADD, values))).length > 0;
      } catch (error) {
        // The person was erased meanwhile.
        if (error instanceof PostgresError && error.state === FOREIGN_KEY_VIOLATION) return false;
        throw error;
      }
    },
    async findSession(digest) {
      const [session] = await read<Session>(`${SESSION} where digest = $1`, [digest]);
      return session;
    },
    listSessions: (userId) =>
      read<Session>(`${SESSION} where user_id = $1 order by last_used_at desc, id desc`, [userId]),
    endSessions: (userId, id) =>
      change(async (query) => {
        const ended = await query<{ id: string }>(END, [userId, id]);
        return revoke(query, 'session', idsOf(ended));
      }),
    async addPlace({ userId, digest, lastUsedAt }, max) {
      await change(async (query) => {
        await query(ADD_PLACE, [userId, digest, lastUsedAt]);
        await query(REMOVE_OLDER_PLACES, [userId, max]);
      });
    },
    // Anybody can send any text as an account. PostgreSQL refuses U+0000, so no account has it.
    listPlaces: async (emailOrId) => (emailOrId.includes('\0') ? [] : read<KnownPlace>(PLACES, [emailOrId])),
  };
}

const ADD = `insert into plive.sessions select $1, $2, id, $4, $5, $6 from plive.users
  where id = $3 and not exists
    (select from plive.pending where kind = 'erase' and data::json ->> 'userId' = $3)
  returning id`;

/** In the order of their ids, like every other statement that locks several, so that two of them cannot lock each other. */
const END = `delete from plive.sessions where id in
  (select id from plive.sessions where user_id = $1 and ($2::text is null or id = $2) order by id for update)
  returning id`;

/** Nothing for a user who was erased meanwhile. */
const ADD_PLACE = `insert into plive.known_places select id, $2, $3 from plive.users where id = $1 for key share
  on conflict (user_id, digest) do update set last_used_at = excluded.last_used_at`;

const REMOVE_OLDER_PLACES = `delete from plive.known_places where user_id = $1 and digest not in
  (select digest from plive.known_places where user_id = $1 order by last_used_at desc, digest limit $2)`;

const PLACES = `select user_id as "userId", digest, last_used_at as "lastUsedAt" from plive.known_places
  where user_id = (select id from plive.users where email = $1 or id = $1)`;
