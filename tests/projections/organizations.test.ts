// Properties of organisations on random histories: there is always an owner, a replay gives the live state, and indexes
// are right.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ROLES, type Role } from '../../projections/events/roles.ts';
import { isOwned, membershipsOf } from '../../projections/membership.ts';
import { foldModels, type Models } from '../../projections/models.ts';
import { type Organization, showTeam, type Team } from '../../projections/organization.ts';
import {
  accessOf,
  countCreatedBy,
  formerHolderOf,
  isPublic,
  type OrganizationsState,
  organizationsOf,
  organizationsProjection,
  selectOrganizations,
  tiesOf,
} from '../../projections/organizations.ts';
import { fold } from '../../projections/state/projection.ts';
import { hasRole } from '../../projections/viewer/viewer.ts';
import type { Command, Decision } from '../../src/commands/command.ts';
import { acceptInvitation, createInvitation, revokeInvitation } from '../../src/commands/invitations.ts';
import { createKey, revokeKey } from '../../src/commands/keys.ts';
import { createOrganization, deleteOrganization, updateOrganization } from '../../src/commands/organizations.ts';
import { grantRole, removePerson, revokeRole } from '../../src/commands/roles.ts';
import { addTeamMember, createTeam, deleteTeam, removeTeamMember, renameTeam } from '../../src/commands/teams.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';
import {
  ANN,
  BEN,
  CAT,
  DAN,
  founded,
  granted,
  here,
  joined,
  ON_CALL,
  ORG,
  person,
  team,
  teamRole,
} from '../support/members.ts';
import { anyone, type Happened, id, recorded, recordedAt } from '../support/scenario.ts';
import { sized } from '../support/size.ts';

const USERS = [ANN, BEN, CAT, DAN];
/** The id of an entity that does not exist. */
const NONE = id(99);
const EXPIRES = '2030-01-01T00:00:00.000Z';

/** A random command; the numbers are indexes into the entities that exist at that time. */
interface Step {
  readonly action: Action;
  readonly actor: number;
  readonly pick: number;
  readonly user: number;
  readonly role: Role;
}

/** The state and the values with which a step runs its command. */
interface Situation extends Step {
  readonly organization: Organization;
  readonly userId: string;
  readonly teamId: string;
}

type Asked = (situation: Situation, decide: Decide) => Decision;
type Decide = <I>(command: Command<I>, input: I) => Decision;

const ACTIONS = {
  found: ({ pick }, decide) => decide(createOrganization, { name: `Org ${pick % 3}`, visibility: 'private' }),
  change: ({ organization, pick }, decide) =>
    decide(updateOrganization, { ...of(organization), slug: `org-${pick % 4}`, visibility: 'public' }),
  close: ({ organization }, decide) => decide(deleteOrganization, of(organization)),
  grant: ({ organization, userId, role }, decide) => decide(grantRole, { ...of(organization), userId, role }),
  grantTeam: ({ organization, teamId, role }, decide) => decide(grantRole, { ...of(organization), teamId, role }),
  revoke: ({ organization, userId }, decide) => decide(revokeRole, { ...of(organization), userId }),
  revokeTeam: ({ organization, teamId }, decide) => decide(revokeRole, { ...of(organization), teamId }),
  remove: ({ organization, userId }, decide) => decide(removePerson, { ...of(organization), userId }),
  team: ({ organization, pick }, decide) => decide(createTeam, { ...of(organization), name: `Team ${pick}` }),
  rename: ({ organization, teamId, pick }, decide) =>
    decide(renameTeam, { ...of(organization), teamId, name: `Team ${pick}` }),
  disband: ({ organization, teamId }, decide) => decide(deleteTeam, { ...of(organization), teamId }),
  join: ({ organization, teamId, userId }, decide) => decide(addTeamMember, { ...of(organization), teamId, userId }),
  part: ({ organization, teamId, userId }, decide) => decide(removeTeamMember, { ...of(organization), teamId, userId }),
  invite: ({ organization, role }, decide) =>
    decide(createInvitation, { ...of(organization), role, expiresAt: EXPIRES }),
  accept: ({ organization, pick }, decide) =>
    decide(acceptInvitation, {
      ...of(organization),
      invitationId: chosen(organization.invitations.keys(), pick) ?? NONE,
    }),
  takeBack: ({ organization, pick }, decide) =>
    decide(revokeInvitation, {
      ...of(organization),
      invitationId: chosen(organization.invitations.keys(), pick) ?? NONE,
    }),
  key: ({ organization, role }, decide) => decide(createKey, { ...of(organization), name: 'Probe', role }),
  lock: ({ organization, pick }, decide) =>
    decide(revokeKey, { ...of(organization), keyId: chosen(organization.keys.keys(), pick) ?? NONE }),
} satisfies Record<string, Asked>;
type Action = keyof typeof ACTIONS;

const RARE: readonly Action[] = ['found', 'close', 'disband'];
const OFTEN = (Object.keys(ACTIONS) as Action[]).filter((action) => !RARE.includes(action));

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...OFTEN) },
    { weight: 1, arbitrary: fc.constantFrom(...RARE) },
  ),
  // Ann may the most, so she does the most.
  actor: fc.oneof(fc.constant(0), fc.nat(USERS.length - 1)),
  pick: fc.nat(100),
  user: fc.nat(USERS.length - 1),
  role: fc.constantFrom(...ROLES),
});
const history = fc.array(step, { minLength: 10, maxLength: 60, size: 'max' });

/** The events of the steps, each decided by the real rules for its actor, and the live states. */
function play(steps: readonly Step[], look: (models: Models) => void = () => {}) {
  const happened: Happened[] = [...founded];
  let ids = 1_000;
  let live = foldModels(recorded(happened));
  for (const each of steps) {
    const decision = decided(each, live, () => id(ids++));
    if (decision.kind === 'rejected') continue;
    const viewer = person(USERS[each.actor] ?? '', () => live);
    if (decision.role !== 'anyone' && !hasRole(viewer, decision.organizationId, decision.role)) continue;
    const from = happened.length;
    happened.push(...decision.events.map((event) => ({ ...event, stream: decision.stream, actor: viewer.actor })));
    const news = recorded(happened).slice(from);
    live = { ...live, organizations: fold(organizationsProjection, news, live.organizations) };
    look(live);
  }
  return { events: recorded(happened), live: live.organizations };
}

function decided(asked: Step, models: Models, newId: () => string): Decision {
  const organization = chosen(models.organizations.organizations.values(), asked.pick);
  const viewer = person(USERS[asked.actor] ?? '', () => models);
  const context = { viewer, now: recordedAt(0), newId };
  if (!organization) {
    return createOrganization.decide({ name: 'Again', visibility: 'private' }, models, context);
  }
  const teamId = chosen(organization.teams.keys(), asked.pick) ?? NONE;
  const situation = { ...asked, organization, teamId, userId: USERS[asked.user] ?? '' };
  const decide: Decide = (command, input) => command.decide(input, models, context);
  return (ACTIONS[asked.action] as Asked)(situation, decide);
}

function of({ id: organizationId }: Organization) {
  return { organizationId };
}

function chosen<T>(among: Iterable<T>, pick: number): T | undefined {
  const all = [...among];
  return all[pick % all.length];
}

/** The organisation that had each slug last, before another one. */
function formerHolders(events: ReturnType<typeof recorded>): Map<string, string> {
  const slugs = new Map<string, string>();
  const former = new Map<string, string>();
  for (const { type, organizationId, data } of events) {
    if (type === 'organization.slug-changed') former.set(slugs.get(organizationId) ?? '', organizationId);
    if (type === 'organization.created' || type === 'organization.slug-changed') slugs.set(organizationId, data.slug);
  }
  return former;
}

/** The roles and memberships, folded in a slow and obvious way. */
function recounted(events: ReturnType<typeof recorded>) {
  const organizations = new Map<string, NaiveOrganization>();
  for (const event of events) {
    if (event.type === 'organization.created') {
      const { slug } = event.data;
      const creator = event.meta.actor.id;
      organizations.set(event.organizationId, { slug, creator, roles: new Map(), teams: new Map(), came: [] });
    }
    const organization = organizations.get(event.organizationId);
    if (!organization) continue;
    const { roles, teams } = organization;
    switch (event.type) {
      case 'organization.deleted':
        organizations.delete(event.organizationId);
        break;
      case 'organization.slug-changed':
        organization.slug = event.data.slug;
        break;
      case 'organization.role-granted': {
        const { userId, teamId, role } = event.data;
        if (userId) roles.set(userId, role);
        else Object.assign(teams.get(teamId ?? '') ?? {}, { role });
        break;
      }
      case 'organization.role-revoked':
        roles.delete(event.data.userId ?? '');
        delete teams.get(event.data.teamId ?? '')?.role;
        break;
      case 'organization.team-created':
        teams.set(event.data.teamId, { members: new Set() });
        break;
      case 'organization.team-deleted':
        teams.delete(event.data.teamId);
        break;
      case 'organization.team-member-added':
        teams.get(event.data.teamId)?.members.add(event.data.userId);
        break;
      case 'organization.team-member-removed':
        teams.get(event.data.teamId)?.members.delete(event.data.userId);
        break;
    }
    const tied = new Set([...roles.keys(), ...[...teams.values()].flatMap(({ members }) => [...members])]);
    organization.came = [...new Set([...organization.came.filter((userId) => tied.has(userId)), ...tied])];
  }
  return organizations;
}

interface NaiveOrganization {
  slug: string;
  readonly creator: string | undefined;
  readonly roles: Map<string, Role>;
  readonly teams: Map<string, NaiveTeam>;
  /** All people of the organisation; a person who leaves and comes back is last. */
  came: readonly string[];
}

interface NaiveTeam {
  role?: Role;
  readonly members: Set<string>;
}

test('an organisation always has an owner', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { events } = play(steps, ({ organizations }) => {
        for (const organization of organizations.organizations.values()) expect(isOwned(organization)).toBe(true);
      });
      for (const { roles, teams } of recounted(events).values()) {
        const owning = [...teams.values()].filter(({ role, members }) => role === 'owner' && members.size > 0);
        expect([...roles.values(), ...owning.map(({ role }) => role)]).toContain('owner');
      }
    }),
    { numRuns: sized(50, 200) },
  );
});

test('access, memberships and slugs equal a recount', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { events, live } = play(steps);
      const naive = recounted(events);
      expect([...live.organizations.keys()].sort()).toEqual([...naive.keys()].sort());
      expect(Object.fromEntries(live.slugs)).toEqual(
        Object.fromEntries([...naive].map(([key, { slug }]) => [slug, key])),
      );
      for (const [slug, holder] of formerHolders(events)) {
        expect(formerHolderOf(live, slug)).toBe(live.slugs.has(slug) ? undefined : holder);
      }
      for (const userId of USERS) {
        const ties = [...naive].filter(([, { roles, teams }]) => {
          return roles.has(userId) || [...teams.values()].some(({ members }) => members.has(userId));
        });
        const own = [...naive.values()].filter(({ creator }) => creator === userId);
        expect(countCreatedBy(live, userId)).toBe(own.length);
        expect(tiesOf(live, userId)).toEqual(ties.map(([key]) => key).sort());
        const held = ties.filter(([, organization]) => naiveRoles(organization, userId).length > 0);
        expect(organizationsOf(live, userId)).toEqual(held.map(([key]) => key).sort());
      }
      for (const [key, organization] of naive) expectGrants(live, key, organization);
    }),
    { numRuns: sized(50, 200) },
  );
});

function naiveRoles({ roles, teams }: NaiveOrganization, userId: string): Role[] {
  const throughTeams = [...teams.values()].flatMap(({ role, members }) => (role && members.has(userId) ? [role] : []));
  return [...(roles.has(userId) ? [roles.get(userId) as Role] : []), ...throughTeams];
}

function expectGrants(state: OrganizationsState, key: string, naive: NaiveOrganization) {
  const organization = state.organizations.get(key) as Organization;
  const told = new Map(membershipsOf(organization).map((membership) => [membership.userId, membership]));
  for (const userId of USERS) {
    const roles = naiveRoles(naive, userId).sort();
    const { grants = [], role } = told.get(userId) ?? {};
    expect(grants.map((grant) => grant.role).sort()).toEqual(roles);
    expect(role).toBe(ROLES.findLast((each) => roles.includes(each)));
    expect(accessOf(state, key, userId)).toBe(role ?? (isPublic(state, key) ? 'public' : 'none'));
  }
  const members = [...naive.teams].map(([teamId, each]) => [teamId, [...each.members]]);
  expect([...organization.teams].map(([teamId, each]) => [teamId, showTeam(each).members])).toEqual(members);
  expect([...organization.people.keys()]).toEqual(naive.came);
}

test('a replay, and a snapshot at any position with the events after it, give the live state', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { events, live } = play(steps);
      const expected = stateHash(live);
      expect(stateHash(fold(organizationsProjection, events))).toBe(expected);
      for (let cut = 0; cut <= events.length; cut += 1) {
        const restored = rewritten(fold(organizationsProjection, events.slice(0, cut)));
        expect(stateHash(fold(organizationsProjection, events.slice(cut), restored))).toBe(expected);
      }
    }),
    { numRuns: 30 },
  );
});

/** The state after a round trip through JSON. */
function rewritten(state: OrganizationsState): OrganizationsState {
  const { initial, encode, decode } = organizationsProjection;
  const lines = [...encode(state)].map((part) => JSON.stringify(part));
  return lines.reduce((restored, line) => decode(restored, JSON.parse(line)), initial);
}

describe('what a viewer can see', () => {
  const organizations = (...happened: Happened[]) => foldModels(recorded([...founded, ...happened])).organizations;

  test('is a private organisation for its people, a public one for everyone, a deleted one for nobody', () => {
    const opened = here({ type: 'organization.visibility-changed', data: { visibility: 'public' } });
    const closed = here({ type: 'organization.deleted', data: {} });
    const seen = (state: OrganizationsState) => [
      accessOf(state, ORG, ANN),
      accessOf(state, ORG, BEN),
      accessOf(state, ORG),
    ];
    expect(seen(organizations())).toEqual(['owner', 'none', 'none']);
    expect(seen(organizations(opened))).toEqual(['owner', 'public', 'public']);
    expect(seen(organizations(opened, closed))).toEqual(['none', 'none', 'none']);
    expect(accessOf(organizations(), id(9), ANN)).toBe('none');
    expect(accessOf(organizations(), 'default', ANN)).toBe('public');
  });

  test('is listed', () => {
    const state = organizations();
    const list = (userId: string) =>
      selectOrganizations(
        state,
        person(userId, () => foldModels(recorded(founded))),
      );
    expect([list(ANN), list(BEN), selectOrganizations(state, anyone)].map((all) => all.map((each) => each.id))).toEqual(
      [[ORG], [], [ORG]],
    );
  });
});

test('the highest role wins, and each grant names its source, the highest first', () => {
  const happened = [
    ...founded,
    granted(BEN, 'viewer'),
    team(ON_CALL, 'On call'),
    joined(ON_CALL, BEN),
    joined(ON_CALL, CAT),
    teamRole(ON_CALL, 'admin'),
  ];
  const organization = foldModels(recorded(happened)).organizations.organizations.get(ORG) as Organization;
  const throughTeam = { role: 'admin', team: { id: ON_CALL, name: 'On call' } };
  expect(membershipsOf(organization)).toEqual([
    { userId: ANN, role: 'owner', grants: [{ role: 'owner' }] },
    { userId: BEN, role: 'admin', grants: [throughTeam, { role: 'viewer' }] },
    { userId: CAT, role: 'admin', grants: [throughTeam] },
  ]);
});

test('people are listed in the order of joining: a change keeps the place, and a person who comes back is last', () => {
  const left = (userId: string) => here({ type: 'organization.role-revoked', data: { userId } });
  const parted = (userId: string) =>
    here({ type: 'organization.team-member-removed', data: { teamId: ON_CALL, userId } });
  const told = (...happened: Happened[]) => {
    const came = [team(ON_CALL, 'On call'), teamRole(ON_CALL, 'viewer'), granted(CAT, 'member'), joined(ON_CALL, BEN)];
    const state = foldModels(recorded([...founded, ...came, ...happened])).organizations;
    return [state, rewritten(state)].map(({ organizations }) => {
      const { people, teams } = organizations.get(ORG) as Organization;
      return [[...people.keys()], showTeam(teams.get(ON_CALL) as Team).members];
    });
  };
  const both = (people: string[], members: string[]) => Array(2).fill([people, members]);
  expect(told()).toEqual(both([ANN, CAT, BEN], [BEN]));
  expect(told(granted(ANN, 'admin'))).toEqual(both([ANN, CAT, BEN], [BEN]));
  expect(told(joined(ON_CALL, ANN), joined(ON_CALL, BEN))).toEqual(both([ANN, CAT, BEN], [BEN, ANN]));
  expect(told(left(ANN), granted(ANN, 'owner'))).toEqual(both([CAT, BEN, ANN], [BEN]));
  expect(told(joined(ON_CALL, CAT), parted(BEN), joined(ON_CALL, BEN))).toEqual(both([ANN, CAT, BEN], [CAT, BEN]));
  expect(told(granted(BEN, 'admin'), parted(BEN), granted(DAN, 'member'), joined(ON_CALL, BEN))).toEqual(
    both([ANN, CAT, BEN, DAN], [BEN]),
  );
});

test('every event of the stream counts, even one without a change, and unchanged parts are shared', () => {
  const happened = [...founded, team(ON_CALL, 'On call')];
  const state = foldModels(recorded(happened)).organizations;
  const before = state.organizations.get(ORG);
  const again = recorded([...happened, granted(ANN, 'owner')]).slice(-1);
  const after = fold(organizationsProjection, again, state).organizations.get(ORG);
  expect([before?.version, before?.position, after?.version, after?.position]).toEqual([3, 3, 4, 4]);
  expect(after?.teams).toBe(before?.teams);
});
