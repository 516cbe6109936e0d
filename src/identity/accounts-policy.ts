// The policy of `AUTH=required`: identifies the sender of a request by its session cookie or API key.
import type { IncomingMessage } from 'node:http';
import type { ApiKey } from '../../projections/organization.ts';
import { accessOf, findKey, findOrganization, type OrganizationsState } from '../../projections/organizations.ts';
import type { Access, Viewer } from '../../projections/viewer/viewer.ts';
import { JournalError } from '../log/journal.ts';
import type { ApiKeys, ProvenKey } from './api-keys.ts';
import type { SessionCookie } from './cookies.ts';
import { CoveredOrganizations } from './covered-organizations.ts';
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
  /** How many ids of organisations are remembered, of all people together. */
  readonly maxCovered: number;
  readonly now: () => Date;
  /** Throws a `JournalError` if this node cannot tell whether a session or key is still valid. */
  readonly check: () => void;
  /** Waits for what other nodes have recorded. Resolves with whether this node knows all of it. */
  readonly freshen: () => Promise<boolean>;
}

/**
 * Its viewers look up rights at each use. A stream that retains a viewer therefore sees at once that a role was
 * revoked, a session ended or a key was revoked. If a request carries both a key and a cookie, the key identifies the
 * sender.
 */
export function createAccountsPolicy(parts: Parts): Policy {
  const { sessions, keys, cookie, holders, organizations, maxCovered, now, check, freshen } = parts;
  const covered = new CoveredOrganizations(maxCovered);

  const openTo = (id: string): Access => accessOf(organizations(), id);

  const anonymous: Viewer = {
    actor: { kind: 'anonymous' },
    get organizations() {
      return covered.of(organizations(), undefined);
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
        return covered.of(organizations(), sessions.isLive(session) ? userId : undefined);
      },
      access: (id) => accessOf(organizations(), id, sessions.isLive(session) ? userId : undefined),
    };
  };

  const recorded = (key: ProvenKey) => recordedKey(organizations(), key);
  const valid = (key: ProvenKey) => validKey(organizations(), key, now());

  const machine = (key: ProvenKey): Viewer => {
    const own = [key.organizationId];
    return {
      actor: { kind: 'key', id: key.id },
      home: key.organizationId,
      get ended() {
        return !valid(key);
      },
      get organizations() {
        return valid(key) ? own : [];
      },
      access: (id) => (id === key.organizationId ? valid(key)?.role : undefined) ?? openTo(id),
    };
  };

  const sessionOf = async (request: IncomingMessage) => {
    const token = cookie.read(request.headers.cookie);
    if (token === undefined) return undefined;
    check();
    return sessions.find(token);
  };

  const viewerOfKey = async (sent: string) => {
    check();
    const key = await keys.prove(sent);
    if (!key) return undefined;
    // Another node may have recorded the key a moment ago.
    if (!recorded(key) && !(await freshen())) throw new JournalError('away', NOT_FRESH);
    if (!valid(key)) return undefined;
    keys.used(key);
    return machine(key);
  };

  return {
    async viewerOf(request) {
      const sent = bearer(request);
      if (sent !== undefined) return viewerOfKey(sent);
      const session = await sessionOf(request);
      return session ? person(session) : anonymous;
    },
    viewerOfKey,
    whenEnded: (viewer, end) => holders.add(viewer, end),
  };
}

const NOT_FRESH = 'This node could not find out in time whether another one has recorded a key.';

/** The key as recorded in the log; `undefined` if it is unknown or revoked. */
function recordedKey(organizations: OrganizationsState, { id, organizationId }: ProvenKey): ApiKey | undefined {
  return findKey(findOrganization(organizations, organizationId), id);
}

/** The key as recorded in the log; `undefined` if it is unknown, revoked or expired. */
export function validKey(organizations: OrganizationsState, key: ProvenKey, now: Date): ApiKey | undefined {
  const known = recordedKey(organizations, key);
  const isExpired = known?.expiresAt !== undefined && known.expiresAt <= now.toISOString();
  return isExpired ? undefined : known;
}

/** The credentials of `Authorization: Bearer`. Other schemes are ignored: a proxy in front may use them. */
function bearer({ headers }: IncomingMessage): string | undefined {
  const { authorization = '' } = headers;
  return /^bearer\b/i.test(authorization) ? authorization.slice('bearer'.length).trim() : undefined;
}
