// `AUTH=required`: who a request comes from, by the session's cookie or the API key that it carries.
import type { IncomingMessage } from 'node:http';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { ApiKey } from '../../projections/organization.ts';
import {
  accessOf,
  findKey,
  findOrganization,
  isPublic,
  type OrganizationsState,
  organizationsOf,
} from '../../projections/organizations.ts';
import type { Access, Viewer } from '../../projections/viewer/viewer.ts';
import type { ApiKeys, ProvenKey } from './api-keys.ts';
import type { SessionCookie } from './cookies.ts';
import type { Holders } from './holders.ts';
import type { Policy } from './policy.ts';
import type { KnownSession, Sessions } from './sessions.ts';

interface Parts {
  readonly sessions: Sessions;
  readonly keys: ApiKeys;
  readonly cookie: SessionCookie;
  readonly holders: Holders;
  /** The organisations as they are right now. */
  readonly organizations: () => OrganizationsState;
  readonly now: () => Date;
}

/**
 * Its viewers always say what holds at the moment: whoever keeps one, as a stream does, sees at once that a role was taken
 * away, a session ended or a key was revoked. A request with both a key and a cookie comes from the key.
 */
export function createAccountsPolicy(parts: Parts): Policy {
  const { sessions, keys, cookie, holders, organizations, now } = parts;

  const openTo = (id: string): Access => accessOf(organizations(), id);
  const openOrganizations = () => (isPublic(organizations(), DEFAULT_ORGANIZATION) ? [DEFAULT_ORGANIZATION] : []);

  const stranger: Viewer = {
    actor: { kind: 'anonymous' },
    get organizations() {
      return openOrganizations();
    },
    access: openTo,
  };

  const person = (session: KnownSession): Viewer => {
    const { userId } = session;
    return {
      actor: { kind: 'user', id: userId },
      sessionId: session.id,
      get ended() {
        return !sessions.isLive(session);
      },
      get organizations() {
        const own = sessions.isLive(session) ? organizationsOf(organizations(), userId) : [];
        return [...new Set([...own, ...openOrganizations()])];
      },
      access: (id) => accessOf(organizations(), id, sessions.isLive(session) ? userId : undefined),
    };
  };

  const valid = (key: ProvenKey) => validKey(organizations(), key, now());

  const machine = (key: ProvenKey): Viewer => ({
    actor: { kind: 'key', id: key.id },
    home: key.organizationId,
    get ended() {
      return !valid(key);
    },
    get organizations() {
      return valid(key) ? [key.organizationId] : [];
    },
    access: (id) => (id === key.organizationId ? valid(key)?.role : undefined) ?? openTo(id),
  });

  const sessionOf = async (request: IncomingMessage) => {
    const token = cookie.read(request.headers.cookie);
    return token !== undefined ? sessions.find(token) : undefined;
  };

  const viewerOfKey = async (sent: string) => {
    const key = await keys.prove(sent);
    if (!key || !valid(key)) return undefined;
    keys.used(key);
    return machine(key);
  };

  return {
    async viewerOf(request) {
      const sent = bearer(request);
      if (sent !== undefined) return viewerOfKey(sent);
      const session = await sessionOf(request);
      return session ? person(session) : stranger;
    },
    viewerOfKey,
    whenEnded: (viewer, end) => holders.add(viewer, end),
  };
}

/** What the log says of the key at this moment; `undefined` where it is not, or not any more, valid. */
export function validKey(organizations: OrganizationsState, key: ProvenKey, now: Date): ApiKey | undefined {
  const known = findKey(findOrganization(organizations, key.organizationId), key.id);
  const isExpired = known?.expiresAt !== undefined && known.expiresAt <= now.toISOString();
  return isExpired ? undefined : known;
}

/** What is sent as `Authorization: Bearer`. Other schemes are not ours: a proxy in front may use them. */
function bearer({ headers }: IncomingMessage): string | undefined {
  const { authorization = '' } = headers;
  return /^bearer\b/i.test(authorization) ? authorization.slice('bearer'.length).trim() : undefined;
}
