// Commands of organisations, roles, teams, invitations and keys: given these events, a command results in exactly these
// events.

import { describe, expect, test } from '@jest/globals';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Role } from '../../projections/events/roles.ts';
import { foldModels } from '../../projections/models.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Command, Rejection } from '../../src/commands/command.ts';
import { acceptInvitation, createInvitation, revokeInvitation } from '../../src/commands/invitations.ts';
import { createKey, createKeyInput, revokeKey } from '../../src/commands/keys.ts';
import {
  createOrganization,
  createOrganizationInput,
  deleteOrganization,
  updateOrganization,
} from '../../src/commands/organizations.ts';
import { grantRole, refuseLeavingAll, removalsOf, removePerson, revokeRole } from '../../src/commands/roles.ts';
import { addTeamMember, createTeam, deleteTeam, removeTeamMember, renameTeam } from '../../src/commands/teams.ts';
import {
  ANN,
  BEN,
  BOARD,
  CAT,
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
import { anyone, given, type Happened, id, newIds, recorded, recordedAt } from '../support/scenario.ts';

const [NEW] = newIds;
const inOrg = { organizationId: ORG };
/** The random characters that come of the first and the second id of a decision. */
const [FIRST_SUFFIX, SECOND_SUFFIX] = ['000000zl', '000000zm'];
/** The slug that the organisation had before slugs of private ones had random characters. */
const unsuffixed: Happened = here({ type: 'organization.slug-changed', data: { slug: 'acme' } });

/** What follows where a person asks after these events. */
function asked<I>(happened: readonly Happened[], userId: string, command: Command<I>, input: I) {
  const models = foldModels(recorded(happened));
  return given(...happened).when(
    command,
    input,
    person(userId, () => models),
  );
}

describe('creating an organisation', () => {
  const input = { name: 'Acme', visibility: 'private' } as const;
  const open = { name: 'Acme', visibility: 'public' } as const;
  const made = (slug: string, rest: { name?: string; slugBase?: string } = {}): Happened[] => [
    {
      stream: `organization-${NEW}`,
      organizationId: NEW,
      type: 'organization.created',
      data: { name: 'Acme', slug, visibility: rest.slugBase === undefined ? 'public' : 'private', ...rest },
    },
    {
      stream: `organization-${NEW}`,
      organizationId: NEW,
      type: 'organization.role-granted',
      data: { userId: BEN, role: 'owner' },
    },
  ];

  test('makes its creator the owner, in the same commit and independent of other roles', () => {
    const outcome = asked([], BEN, createOrganization, input);
    outcome.expect(...made(`acme-${SECOND_SUFFIX}`, { slugBase: 'acme' }));
    expect(outcome.decision).toMatchObject({ role: 'anyone', expected: 'no-stream', organizationId: NEW });
  });

  test.each([
    ['Ünïcödé & Söhne', 'unicode-sohne'],
    ['Acme', 'acme-00000501'],
    ['状態', 'organization-00000501'],
    ['a'.repeat(200), 'a'.repeat(55)],
  ])('with the name %j and no slug gives it a free slug, if it is public', (name, slug) => {
    asked([...founded, unsuffixed], BEN, createOrganization, { ...open, name }).expect(...made(slug, { name }));
    expect(createOrganizationInput.safeParse({ name, slug }).success).toBe(true);
  });

  test.each<[string, string | undefined, string]>([
    ['Acme', undefined, 'acme'],
    ['Acme', 'free', 'free'],
    ['Acme', 'acme', 'acme'],
    ['状態', undefined, 'organization'],
    ['a'.repeat(200), undefined, 'a'.repeat(55)],
    ['Acme', 'a'.repeat(55), 'a'.repeat(55)],
  ])(
    'with the name %j and the slug %j adds random characters, taken or not, if it is private',
    (name, slug, slugBase) => {
      const chosen = { ...input, name, ...(slug === undefined ? {} : { slug }) };
      const suffixed = `${slugBase}-${SECOND_SUFFIX}`;
      asked([...founded, unsuffixed], BEN, createOrganization, chosen).expect(...made(suffixed, { name, slugBase }));
      expect(createOrganizationInput.safeParse({ name, slug: suffixed }).success).toBe(true);
    },
  );

  test('draws again what is taken', () => {
    const taken: Happened = here({ type: 'organization.slug-changed', data: { slug: `acme-${SECOND_SUFFIX}` } });
    asked([...founded, taken], BEN, createOrganization, input).expect(...made('acme-000000zn', { slugBase: 'acme' }));
  });

  test('with a slug that is too long for random characters is refused, if it is private', () => {
    const slug = 'a'.repeat(56);
    asked([], BEN, createOrganization, { ...input, slug }).expectRejection('slug-too-long', '/slug');
    asked([], BEN, createOrganization, { ...open, slug }).expect(...made(slug));
  });

  test('with a slug in use is refused, until the slug is free again', () => {
    const named = { ...open, slug: 'acme' };
    asked(founded, BEN, createOrganization, named).expectRejection('slug-taken', '/slug');
    const moved = here({ type: 'organization.slug-changed', data: { slug: 'other' } });
    asked([...founded, moved], BEN, createOrganization, named).expect(...made('acme'));
    const gone = here({ type: 'organization.deleted', data: {} });
    asked([...founded, gone], BEN, createOrganization, named).expect(...made('acme'));
  });

  test.each(['', 'Acme', 'a b', '-a', 'a-', 'a--b', 'é', 'a'.repeat(65)])('refuses the slug %j', (slug) => {
    expect(createOrganizationInput.safeParse({ name: 'Acme', slug }).success).toBe(false);
  });

  test('is for people', () => {
    given().when(createOrganization, input).expectRejection('forbidden');
    const key: Viewer = { ...anyone, actor: { kind: 'key', id: id(31) } };
    given().when(createOrganization, input, key).expectRejection('forbidden');
  });
});

describe('changing an organisation', () => {
  test('records one event for each changed field', () => {
    const input = { ...inOrg, name: 'Best', slug: 'best', visibility: 'public' } as const;
    const outcome = asked(founded, ANN, updateOrganization, input);
    outcome.expect(
      here({ type: 'organization.renamed', data: { name: 'Best' } }),
      here({ type: 'organization.slug-changed', data: { slug: 'best', slugBase: '' } }),
      here({ type: 'organization.visibility-changed', data: { visibility: 'public' } }),
    );
    expect(outcome.decision).toMatchObject({ role: 'owner', expected: founded.length });
  });

  test('without a difference records nothing', () => {
    const input = { ...inOrg, name: 'Acme', slug: 'acme', visibility: 'private' } as const;
    asked(founded, ANN, updateOrganization, input).expectNothing();
  });

  test('to a name of the same letters records nothing, nor does it for a team', () => {
    const [composed, decomposed] = ['Z\u00fcrich', 'Zu\u0308rich'];
    const renamed = here({ type: 'organization.renamed', data: { name: composed } });
    asked([...founded, renamed], ANN, updateOrganization, { ...inOrg, name: decomposed }).expectNothing();
    const change = { ...inOrg, teamId: ON_CALL, name: decomposed };
    asked([...founded, team(ON_CALL, composed)], ANN, renameTeam, change).expectNothing();
  });

  test('to the slug of another one is refused', () => {
    const other = { name: 'Best', slug: 'best', visibility: 'public' } as const;
    const taken: Happened = {
      stream: `organization-${id(2)}`,
      organizationId: id(2),
      type: 'organization.created',
      data: other,
    };
    const change = { ...inOrg, slug: 'best', visibility: 'public' } as const;
    asked([...founded, taken], ANN, updateOrganization, change).expectRejection('slug-taken', '/slug');
  });

  describe('that is private', () => {
    const suffixed = (slugBase: string, suffix = 'x7k2m9q4') =>
      here({ type: 'organization.slug-changed', data: { slug: `${slugBase}-${suffix}`, slugBase } });
    const shown = here({ type: 'organization.visibility-changed', data: { visibility: 'public' } });
    const hidden = here({ type: 'organization.visibility-changed', data: { visibility: 'private' } });
    const set = (happened: readonly Happened[], change: object) =>
      asked([...founded, ...happened], ANN, updateOrganization, { ...inOrg, ...change });

    test('to another slug draws random characters, taken or not', () => {
      set([], { slug: 'best' }).expect(suffixed('best', FIRST_SUFFIX));
      set([suffixed('acme')], { slug: 'best' }).expect(suffixed('best', FIRST_SUFFIX));
      set([], { slug: 'a'.repeat(56) }).expectRejection('slug-too-long', '/slug');
    });

    test('to the slug that it has, with or without its random characters, records nothing', () => {
      set([suffixed('acme')], { slug: 'acme' }).expectNothing();
      set([suffixed('acme')], { slug: 'acme-x7k2m9q4' }).expectNothing();
      set([suffixed('a'.repeat(55))], { slug: `${'a'.repeat(55)}-x7k2m9q4` }).expectNothing();
      set([], { slug: 'acme' }).expectNothing();
    });

    test('by publishing it keeps its slug, unless it gets a free one without random characters', () => {
      set([suffixed('acme')], { visibility: 'public' }).expect(shown);
      const plain = here({ type: 'organization.slug-changed', data: { slug: 'acme', slugBase: '' } });
      set([suffixed('acme')], { visibility: 'public', slug: 'acme' }).expect(plain, shown);
      set([suffixed('acme'), shown], { slug: 'acme' }).expect(plain);
    });

    test('by hiding it draws random characters, also for a slug that had some while it was public', () => {
      set([shown], { visibility: 'private' }).expect(suffixed('acme', FIRST_SUFFIX), hidden);
      set([suffixed('acme'), shown], { visibility: 'private' }).expect(suffixed('acme', FIRST_SUFFIX), hidden);
      set([shown], { visibility: 'private', slug: 'best' }).expect(suffixed('best', FIRST_SUFFIX), hidden);
      const long = here({ type: 'organization.slug-changed', data: { slug: 'a'.repeat(64) } });
      set([shown, long], { visibility: 'private' }).expect(suffixed('a'.repeat(55), FIRST_SUFFIX), hidden);
    });
  });

  test('or deleting it is refused as unknown for a viewer who is not a member', () => {
    for (const organizationId of [ORG, id(9)]) {
      const refusal = asked(founded, BEN, updateOrganization, { organizationId, slug: 'acme' }).decision;
      expect(refusal).toEqual({
        kind: 'rejected',
        code: 'not-found',
        message: `There is no organisation ${organizationId}.`,
      });
      expect(asked(founded, BEN, deleteOrganization, { organizationId }).decision).toEqual(refusal);
    }
  });

  test('is impossible after its deletion, which needs an owner', () => {
    const outcome = asked(founded, ANN, deleteOrganization, inOrg);
    outcome.expect(here({ type: 'organization.deleted', data: {} }));
    expect(outcome.decision).toMatchObject({ role: 'owner' });
    const gone = here({ type: 'organization.deleted', data: {} });
    asked([...founded, gone], ANN, deleteOrganization, inOrg).expectRejection('not-found');
  });

  test('cannot delete the default one', () => {
    const organizationId = DEFAULT_ORGANIZATION;
    const made: Happened = {
      stream: `organization-${organizationId}`,
      type: 'organization.created',
      data: { name: 'Status', slug: 'status', visibility: 'public' },
    };
    given(made).when(deleteOrganization, { organizationId }).expectRejection('forbidden');
  });
});

describe('the role that is needed', () => {
  const crowd: readonly Happened[] = [
    ...founded,
    granted(BEN, 'owner'),
    granted(CAT, 'admin'),
    team(ON_CALL, 'On call'),
    joined(ON_CALL, CAT),
    team(BOARD, 'Board'),
    teamRole(BOARD, 'owner'),
    joined(BOARD, BEN),
    here({ type: 'organization.key-created', data: { keyId: id(31), name: 'Root', role: 'owner' } }),
  ];
  const expiresAt = '2030-01-01T00:00:00.000Z';

  /** What a decision of Ann's asks for, whoever she is. */
  function needed<I>(command: Command<I>, input: I, happened = crowd): Role | 'anyone' {
    const { decision } = asked(happened, ANN, command, input);
    if (decision.kind === 'rejected') throw new Error(decision.message);
    return decision.role;
  }

  test.each<[Role, Role]>([
    ['viewer', 'admin'],
    ['member', 'admin'],
    ['admin', 'admin'],
    ['owner', 'owner'],
  ])('to grant the role %s in any way is %s', (role, taker) => {
    expect(needed(grantRole, { ...inOrg, userId: CAT, role })).toBe(taker);
    expect(needed(grantRole, { ...inOrg, teamId: ON_CALL, role })).toBe(taker);
    expect(needed(createInvitation, { ...inOrg, role, expiresAt })).toBe(taker);
    expect(needed(createKey, { ...inOrg, name: 'Probe', role })).toBe(taker);
    const ready = [...crowd, teamRole(ON_CALL, role)];
    expect(needed(addTeamMember, { ...inOrg, teamId: ON_CALL, userId: BEN }, ready)).toBe(taker);
    expect(needed(createInvitation, { ...inOrg, role: 'viewer', teamId: ON_CALL, expiresAt }, ready)).toBe(taker);
  });

  test.each<[Role, Role]>([
    ['viewer', 'admin'],
    ['admin', 'admin'],
    ['owner', 'owner'],
  ])('to revoke the role %s in any way is %s', (role, taker) => {
    const ready = [...crowd, granted(CAT, role), teamRole(ON_CALL, role)];
    expect(needed(grantRole, { ...inOrg, userId: CAT, role: 'member' }, ready)).toBe(taker);
    expect(needed(revokeRole, { ...inOrg, userId: CAT }, ready)).toBe(taker);
    expect(needed(removePerson, { ...inOrg, userId: CAT }, ready)).toBe(taker);
    expect(needed(revokeRole, { ...inOrg, teamId: ON_CALL }, ready)).toBe(taker);
    expect(needed(deleteTeam, { ...inOrg, teamId: ON_CALL }, ready)).toBe(taker);
    expect(needed(removeTeamMember, { ...inOrg, teamId: ON_CALL, userId: CAT }, ready)).toBe(taker);
    const key = here({ type: 'organization.key-created', data: { keyId: id(32), name: 'Probe', role } });
    expect(needed(revokeKey, { ...inOrg, keyId: id(32) }, [...ready, key])).toBe(taker);
  });

  test('to remove a person who is an owner through a team is owner', () => {
    const ready = [...crowd, here({ type: 'organization.role-revoked', data: { userId: BEN } })];
    expect(needed(removePerson, { ...inOrg, userId: BEN }, ready)).toBe('owner');
  });

  test('to leave is none', () => {
    expect(needed(revokeRole, { ...inOrg, userId: ANN })).toBe('anyone');
    expect(needed(removePerson, { ...inOrg, userId: ANN })).toBe('anyone');
    const ready = [...crowd, joined(BOARD, ANN)];
    expect(needed(removeTeamMember, { ...inOrg, teamId: BOARD, userId: ANN }, ready)).toBe('anyone');
  });

  test('for other changes of teams and keys is admin', () => {
    expect(needed(createTeam, { ...inOrg, name: 'New' })).toBe('admin');
    expect(needed(renameTeam, { ...inOrg, teamId: BOARD, name: 'New' })).toBe('admin');
  });
});

describe('roles', () => {
  test('replace the previous role; granting the same role records nothing', () => {
    const change = { ...inOrg, userId: BEN, role: 'member' } as const;
    const onCall = [...founded, team(ON_CALL, 'On call'), joined(ON_CALL, BEN)];
    asked(onCall, ANN, grantRole, change).expect(granted(BEN, 'member'));
    asked([...founded, granted(BEN, 'member')], ANN, grantRole, change).expectNothing();
    asked([...founded, granted(BEN, 'admin')], ANN, grantRole, change).expect(granted(BEN, 'member'));
  });

  test('and places in teams are for members only: other people must be invited', () => {
    asked(founded, ANN, grantRole, { ...inOrg, userId: BEN, role: 'viewer' }).expectRejection('not-found');
    const onCall = [...founded, team(ON_CALL, 'On call')];
    asked(onCall, ANN, addTeamMember, { ...inOrg, teamId: ON_CALL, userId: BEN }).expectRejection('not-found');
  });

  test('that nobody has are revoked without an event', () => {
    asked([...founded, team(ON_CALL, 'On call')], ANN, revokeRole, { ...inOrg, teamId: ON_CALL }).expectNothing();
    asked(founded, ANN, revokeRole, { ...inOrg, userId: BEN }).expectNothing();
    asked(founded, ANN, removePerson, { ...inOrg, userId: BEN }).expectNothing();
  });

  test('are for existing teams', () => {
    asked(founded, ANN, grantRole, { ...inOrg, teamId: ON_CALL, role: 'viewer' }).expectRejection('not-found');
    asked(founded, ANN, revokeRole, { ...inOrg, teamId: ON_CALL }).expectRejection('not-found');
  });

  test('are not needed to leave a team, but for everything else', () => {
    const ready = [...founded, team(ON_CALL, 'On call'), joined(ON_CALL, BEN)];
    const left = here({ type: 'organization.team-member-removed', data: { teamId: ON_CALL, userId: BEN } });
    asked(ready, BEN, removePerson, { ...inOrg, userId: BEN }).expect(left);
    asked(ready, BEN, createTeam, { ...inOrg, name: 'Mine' }).expectRejection('not-found');
    asked(ready, BEN, removePerson, { ...inOrg, userId: ANN }).expectRejection('not-found');
  });
});

describe('the last owner stays', () => {
  const throughBoard: readonly Happened[] = [
    ...founded,
    team(BOARD, 'Board'),
    teamRole(BOARD, 'owner'),
    joined(BOARD, BEN),
    here({ type: 'organization.role-revoked', data: { userId: ANN } }),
  ];
  const lastOwner: Rejection['code'] = 'last-owner';

  test('if they have the role themselves', () => {
    asked(founded, ANN, revokeRole, { ...inOrg, userId: ANN }).expectRejection(lastOwner);
    asked(founded, ANN, removePerson, { ...inOrg, userId: ANN }).expectRejection(lastOwner);
    asked(founded, ANN, grantRole, { ...inOrg, userId: ANN, role: 'admin' }).expectRejection(lastOwner);
  });

  test('if they have it through a team', () => {
    asked(throughBoard, BEN, removeTeamMember, { ...inOrg, teamId: BOARD, userId: BEN }).expectRejection(lastOwner);
    asked(throughBoard, BEN, removePerson, { ...inOrg, userId: BEN }).expectRejection(lastOwner);
    asked(throughBoard, BEN, deleteTeam, { ...inOrg, teamId: BOARD }).expectRejection(lastOwner);
    asked(throughBoard, BEN, revokeRole, { ...inOrg, teamId: BOARD }).expectRejection(lastOwner);
    asked(throughBoard, BEN, grantRole, { ...inOrg, teamId: BOARD, role: 'admin' }).expectRejection(lastOwner);
  });

  test('until there is another owner in any way', () => {
    const role = here({ type: 'organization.role-revoked', data: { userId: ANN } });
    asked([...founded, granted(BEN, 'owner')], ANN, revokeRole, { ...inOrg, userId: ANN }).expect(role);
    const board = [...founded, team(BOARD, 'Board'), teamRole(BOARD, 'owner')];
    asked(board, ANN, revokeRole, { ...inOrg, userId: ANN }).expectRejection(lastOwner);
    asked([...board, joined(BOARD, BEN)], ANN, revokeRole, { ...inOrg, userId: ANN }).expect(role);
  });

  test('an API key with the role owner does not count as an owner', () => {
    const key = here({ type: 'organization.key-created', data: { keyId: id(31), name: 'Root', role: 'owner' } });
    asked([...founded, key], ANN, revokeRole, { ...inOrg, userId: ANN }).expectRejection(lastOwner);
  });
});

describe('a person who is erased', () => {
  test('loses their own role and their place in every team', () => {
    const ready = [
      ...founded,
      granted(BEN, 'admin'),
      team(ON_CALL, 'On call'),
      team(BOARD, 'Board'),
      joined(BOARD, BEN),
      joined(ON_CALL, BEN),
    ];
    asked(ready, ANN, removePerson, { ...inOrg, userId: BEN }).expect(
      here({ type: 'organization.team-member-removed', data: { teamId: ON_CALL, userId: BEN } }),
      here({ type: 'organization.team-member-removed', data: { teamId: BOARD, userId: BEN } }),
      here({ type: 'organization.role-revoked', data: { userId: BEN } }),
    );
  });

  test('is removed from everything that refers to them', () => {
    const other = { stream: `organization-${id(2)}`, organizationId: id(2) };
    const { organizations } = foldModels(
      recorded([
        ...founded,
        team(ON_CALL, 'On call'),
        joined(ON_CALL, BEN),
        { ...other, type: 'organization.created', data: { name: 'Best', slug: 'best', visibility: 'private' } },
        { ...other, type: 'organization.role-granted', data: { userId: BEN, role: 'viewer' } },
      ]),
    );
    expect(removalsOf(organizations, BEN)).toEqual([
      { organizationId: ORG, userId: BEN },
      { organizationId: id(2), userId: BEN },
    ]);
    expect(removalsOf(organizations, CAT)).toEqual([]);
  });

  test('cannot leave every organisation while they are the last owner of one', () => {
    const other = { stream: `organization-${id(2)}`, organizationId: id(2) };
    const happened: Happened[] = [
      ...founded,
      granted(BEN, 'owner'),
      { ...other, type: 'organization.created', data: { name: 'Best', slug: 'best', visibility: 'private' } },
      { ...other, type: 'organization.role-granted', data: { userId: BEN, role: 'owner' } },
    ];
    const refusal = (userId: string, ...more: readonly Happened[]) =>
      refuseLeavingAll(foldModels(recorded([...happened, ...more])).organizations, userId);
    expect(refusal(BEN)).toMatchObject({ kind: 'rejected', code: 'last-owner' });
    expect(refusal(ANN)).toBeUndefined();
    expect(refusal(CAT)).toBeUndefined();
    const shared = { ...other, type: 'organization.role-granted', data: { userId: ANN, role: 'owner' } } as const;
    expect(refusal(BEN, shared)).toBeUndefined();
  });
});

describe('teams', () => {
  const ready = [...founded, team(ON_CALL, 'On call'), joined(ON_CALL, BEN)];
  const inTeam = { ...inOrg, teamId: ON_CALL };

  test('are created, renamed and deleted', () => {
    asked(founded, ANN, createTeam, { ...inOrg, name: 'On call' }).expect(team(NEW, 'On call'));
    asked(ready, ANN, renameTeam, { ...inTeam, name: 'Night watch' }).expect(
      here({ type: 'organization.team-renamed', data: { teamId: ON_CALL, name: 'Night watch' } }),
    );
    asked(ready, ANN, renameTeam, { ...inTeam, name: 'On call' }).expectNothing();
    asked(ready, ANN, deleteTeam, inTeam).expect(
      here({ type: 'organization.team-deleted', data: { teamId: ON_CALL } }),
    );
  });

  test('have each member once', () => {
    asked([...ready, granted(CAT, 'viewer')], ANN, addTeamMember, { ...inTeam, userId: CAT }).expect(
      joined(ON_CALL, CAT),
    );
    asked(ready, ANN, addTeamMember, { ...inTeam, userId: BEN }).expectNothing();
    asked(ready, ANN, removeTeamMember, { ...inTeam, userId: CAT }).expectNothing();
    asked(ready, ANN, removeTeamMember, { ...inTeam, userId: BEN }).expect(
      here({ type: 'organization.team-member-removed', data: { teamId: ON_CALL, userId: BEN } }),
    );
  });

  test('that do not exist are refused as unknown', () => {
    const unknown = { ...inOrg, teamId: BOARD };
    asked(ready, ANN, renameTeam, { ...unknown, name: 'X' }).expectRejection('not-found');
    asked(ready, ANN, deleteTeam, unknown).expectRejection('not-found');
    asked(ready, ANN, addTeamMember, { ...unknown, userId: BEN }).expectRejection('not-found');
    asked(ready, ANN, removeTeamMember, { ...unknown, userId: BEN }).expectRejection('not-found');
  });
});

describe('invitations', () => {
  const invitationId = id(41);
  const expiresAt = '2030-01-01T00:00:00.000Z';
  const invited = (data: { role: Role; teamId?: string; expiresAt?: string }) =>
    here({ type: 'organization.invitation-created', data: { invitationId, expiresAt, ...data } });
  const accepted = here({ type: 'organization.invitation-accepted', data: { invitationId, userId: BEN } });
  const accept = { ...inOrg, invitationId };
  const withTeam = [...founded, team(ON_CALL, 'On call')];

  test('are for an existing team and a limited time', () => {
    const input = { ...inOrg, role: 'member', expiresAt } as const;
    const made = { invitationId: NEW, role: 'member', expiresAt } as const;
    asked(founded, ANN, createInvitation, input).expect(here({ type: 'organization.invitation-created', data: made }));
    asked(withTeam, ANN, createInvitation, { ...input, teamId: ON_CALL }).expect(
      here({ type: 'organization.invitation-created', data: { ...made, teamId: ON_CALL } }),
    );
    asked(founded, ANN, createInvitation, { ...input, teamId: ON_CALL }).expectRejection('not-found');
    const now = recordedAt(founded.length + 1);
    asked(founded, ANN, createInvitation, { ...input, expiresAt: now }).expectRejection('past-time', '/expiresAt');
  });

  test('give a role and a team to the person who accepts, who needs no role before', () => {
    const outcome = asked([...withTeam, invited({ role: 'member', teamId: ON_CALL })], BEN, acceptInvitation, accept);
    outcome.expect(accepted, granted(BEN, 'member'), joined(ON_CALL, BEN));
    expect(outcome.decision).toMatchObject({ role: 'anyone', expected: 4 });
  });

  test('never lower the direct role of a person, and ignore roles through teams', () => {
    const ready = [...withTeam, invited({ role: 'member' })];
    asked([...ready, granted(BEN, 'admin')], BEN, acceptInvitation, accept).expect(accepted);
    asked([...ready, granted(BEN, 'member')], BEN, acceptInvitation, accept).expect(accepted);
    asked([...ready, granted(BEN, 'viewer')], BEN, acceptInvitation, accept).expect(accepted, granted(BEN, 'member'));
    asked([...ready, teamRole(ON_CALL, 'admin'), joined(ON_CALL, BEN)], BEN, acceptInvitation, accept).expect(
      accepted,
      granted(BEN, 'member'),
    );
  });

  test('join no deleted team, and no team twice', () => {
    const ready = [...withTeam, invited({ role: 'member', teamId: ON_CALL })];
    const gone = here({ type: 'organization.team-deleted', data: { teamId: ON_CALL } });
    asked([...ready, gone], BEN, acceptInvitation, accept).expect(accepted, granted(BEN, 'member'));
    asked([...ready, joined(ON_CALL, BEN)], BEN, acceptInvitation, accept).expect(accepted, granted(BEN, 'member'));
  });

  test('are valid once, until they are revoked or expire', () => {
    const open = [...founded, invited({ role: 'member' })];
    const revoked = here({ type: 'organization.invitation-revoked', data: { invitationId } });
    asked(open, ANN, revokeInvitation, accept).expect(revoked);
    for (const end of [accepted, revoked, here({ type: 'organization.deleted', data: {} })]) {
      asked([...open, end], CAT, acceptInvitation, accept).expectRejection('not-found');
    }
    asked([...open, accepted], ANN, revokeInvitation, accept).expectRejection('not-found');
    const short = [...founded, invited({ role: 'member', expiresAt: recordedAt(4) })];
    asked(short, BEN, acceptInvitation, accept).expectRejection('invitation-expired');
  });

  test('are for people', () => {
    given(...founded, invited({ role: 'member' }))
      .when(acceptInvitation, accept)
      .expectRejection('forbidden');
  });
});

describe('keys', () => {
  const input = { ...inOrg, name: 'Probe', role: 'member' } as const;

  test('make neither keys nor invitations, in another organisation they find nothing', () => {
    const invitation = { ...inOrg, role: 'viewer', expiresAt: '2030-01-01T00:00:00.000Z' } as const;
    const own: Viewer = { ...anyone, actor: { kind: 'key', id: id(31) } };
    given(...founded)
      .when(createKey, input, own)
      .expectRejection('keys-make-no-credentials');
    given(...founded)
      .when(createInvitation, invitation, own)
      .expectRejection('keys-make-no-credentials');
    const foreign: Viewer = { ...own, organizations: [], access: () => 'public' };
    given(...founded)
      .when(createKey, input, foreign)
      .expectRejection('not-found');
    given(...founded)
      .when(createInvitation, invitation, foreign)
      .expectRejection('not-found');
  });

  test('are created and revoked', () => {
    asked(founded, ANN, createKey, input).expect(
      here({ type: 'organization.key-created', data: { keyId: NEW, name: 'Probe', role: 'member' } }),
    );
    const made = here({ type: 'organization.key-created', data: { keyId: id(31), name: 'Probe', role: 'member' } });
    asked([...founded, made], ANN, revokeKey, { ...inOrg, keyId: id(31) }).expect(
      here({ type: 'organization.key-revoked', data: { keyId: id(31) } }),
    );
    asked(founded, ANN, revokeKey, { ...inOrg, keyId: id(31) }).expectRejection('not-found');
  });

  test('can expire, but not before they were created', () => {
    const { expiresAt } = createKeyInput.parse({ name: 'x', role: 'viewer', expiresAt: '2030-01-01T01:00:00+01:00' });
    if (expiresAt === undefined) throw new Error('It lost its end.');
    asked(founded, ANN, createKey, { ...input, expiresAt }).expect(
      here({
        type: 'organization.key-created',
        data: { keyId: NEW, name: 'Probe', role: 'member', expiresAt: '2030-01-01T00:00:00.000Z' },
      }),
    );
    const now = recordedAt(founded.length + 1);
    asked(founded, ANN, createKey, { ...input, expiresAt: now }).expectRejection('past-time', '/expiresAt');
  });
});
