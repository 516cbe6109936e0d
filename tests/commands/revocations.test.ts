// Keys and invitations end with the rights of the person who made them, in the commit that takes these rights.
import { describe, expect, test } from '@jest/globals';
import type { Actor } from '../../projections/events/event-types.ts';
import type { Role } from '../../projections/events/roles.ts';
import { foldModels } from '../../projections/models.ts';
import { findInvitation, findKey, findOrganization } from '../../projections/organizations.ts';
import type { Command } from '../../src/commands/command.ts';
import { acceptInvitation } from '../../src/commands/invitations.ts';
import type { Keeping } from '../../src/commands/revocations.ts';
import { grantRole, removePerson, revokeRole } from '../../src/commands/roles.ts';
import { addTeamMember, deleteTeam, removeTeamMember } from '../../src/commands/teams.ts';
import {
  ANN,
  BEN,
  BOARD,
  CAT,
  founded,
  granted,
  here,
  joined,
  ORG,
  person,
  team,
  teamRole,
} from '../support/members.ts';
import { given, type Happened, id, recorded } from '../support/scenario.ts';

const inOrg = { organizationId: ORG };
const EXPIRES = '2030-01-01T00:00:00.000Z';
const as = (userId: string): Actor => ({ kind: 'user', id: userId });

function key(number: number, role: Role, actor: Actor): Happened {
  const data = { keyId: id(number), name: `Key ${number}`, role };
  return { ...here({ type: 'organization.key-created', data }), actor };
}

function invitation(number: number, role: Role, actor: Actor, teamId?: string): Happened {
  const data = { invitationId: id(number), role, expiresAt: EXPIRES, ...(teamId === undefined ? {} : { teamId }) };
  return { ...here({ type: 'organization.invitation-created', data }), actor };
}

const keyRevoked = (number: number) => here({ type: 'organization.key-revoked', data: { keyId: id(number) } });
const invitationRevoked = (number: number) =>
  here({ type: 'organization.invitation-revoked', data: { invitationId: id(number) } });
const roleRevoked = (userId: string) => here({ type: 'organization.role-revoked', data: { userId } });

/** What the command decides after these events, where this person sends it. */
function asked<I>(happened: readonly Happened[], userId: string, command: Command<I>, input: I) {
  const models = foldModels(recorded(happened));
  return given(...happened).when(
    command,
    input,
    person(userId, () => models),
  );
}

/** Ben is an admin who made two keys and an invitation, and Ann made one of each. */
const made: readonly Happened[] = [
  ...founded,
  granted(BEN, 'admin'),
  key(31, 'admin', as(BEN)),
  key(32, 'member', as(BEN)),
  invitation(41, 'member', as(BEN)),
  key(33, 'member', as(ANN)),
  invitation(42, 'member', as(ANN)),
];
const gone = [keyRevoked(31), keyRevoked(32), invitationRevoked(41)];

describe('keys and invitations', () => {
  test.each([
    ['removed', ANN],
    ['leaving', BEN],
  ])('of a person who is %s are revoked in the same commit, and no others', (_, by) => {
    asked(made, by, removePerson, { ...inOrg, userId: BEN }).expect(roleRevoked(BEN), ...gone);
  });

  test('of a person who gives up their role are revoked', () => {
    asked(made, BEN, revokeRole, { ...inOrg, userId: BEN }).expect(roleRevoked(BEN), ...gone);
  });

  test('of a person with a lower role are revoked: keys above it, and invitations that they could not make now', () => {
    const lowered = { ...inOrg, userId: BEN, role: 'member' } as const;
    asked(made, ANN, grantRole, lowered).expect(granted(BEN, 'member'), keyRevoked(31), invitationRevoked(41));
  });

  test('of an owner who becomes an admin stay, except those that give owner', () => {
    const owner = [...founded, granted(BEN, 'owner'), key(31, 'owner', as(BEN)), key(32, 'admin', as(BEN))];
    const happened = [...owner, invitation(41, 'owner', as(BEN)), invitation(42, 'admin', as(BEN))];
    const lowered = { ...inOrg, userId: BEN, role: 'admin' } as const;
    asked(happened, ANN, grantRole, lowered).expect(granted(BEN, 'admin'), keyRevoked(31), invitationRevoked(41));
  });

  test('of a person whose role does not become lower stay', () => {
    const both = [...made, team(BOARD, 'Board'), teamRole(BOARD, 'admin'), joined(BOARD, BEN)];
    asked(both, ANN, revokeRole, { ...inOrg, userId: BEN }).expect(roleRevoked(BEN));
    asked(made, ANN, grantRole, { ...inOrg, userId: BEN, role: 'owner' }).expect(granted(BEN, 'owner'));
  });

  test('of a person who was removed by an earlier version stay until somebody revokes them', () => {
    const before = [...made, roleRevoked(BEN)];
    asked(before, ANN, removePerson, { ...inOrg, userId: BEN }).expectNothing();
    const returned = [...before, granted(BEN, 'viewer')];
    expect(asked(returned, ANN, grantRole, { ...inOrg, userId: CAT, role: 'viewer' }).decision.kind).toBe('rejected');
    asked(returned, ANN, grantRole, { ...inOrg, userId: BEN, role: 'admin' }).expect(granted(BEN, 'admin'));
  });

  test('that a key made in an earlier version are those of the person who made the key', () => {
    const byKey: Actor = { kind: 'key', id: id(31) };
    const chain = [...founded, granted(BEN, 'admin'), key(31, 'admin', as(BEN)), key(32, 'member', byKey)];
    const ends = [
      ...chain,
      keyRevoked(31),
      key(33, 'viewer', { kind: 'key', id: id(32) }),
      invitation(41, 'viewer', byKey),
    ];
    const organization = findOrganization(foldModels(recorded(ends)).organizations, ORG);
    expect([findKey(organization, id(32))?.createdBy, findKey(organization, id(33))?.createdBy]).toEqual([
      as(BEN),
      as(BEN),
    ]);
    expect(findInvitation(organization, id(41))?.createdBy).toEqual(byKey);
    asked(chain, ANN, removePerson, { ...inOrg, userId: BEN }).expect(roleRevoked(BEN), keyRevoked(31), keyRevoked(32));
  });
});

describe('a lower role through a team revokes what exceeds it', () => {
  const through = [
    ...founded,
    team(BOARD, 'Board'),
    teamRole(BOARD, 'admin'),
    granted(BEN, 'viewer'),
    joined(BOARD, BEN),
    key(31, 'admin', as(BEN)),
    key(32, 'viewer', as(BEN)),
    invitation(41, 'viewer', as(BEN)),
  ];
  const inTeam = { ...inOrg, teamId: BOARD };
  const ends = [keyRevoked(31), invitationRevoked(41)];

  test('where the team gets a lower one', () => {
    asked(through, ANN, grantRole, { ...inTeam, role: 'member' }).expect(teamRole(BOARD, 'member'), ...ends);
  });

  test('where the team loses its role', () => {
    const change = here({ type: 'organization.role-revoked', data: { teamId: BOARD } });
    asked(through, ANN, revokeRole, inTeam).expect(change, ...ends);
  });

  test('where the team is deleted', () => {
    const change = here({ type: 'organization.team-deleted', data: { teamId: BOARD } });
    asked(through, ANN, deleteTeam, inTeam).expect(change, ...ends);
  });

  test.each([
    ['an owner', ANN],
    ['that person', BEN],
  ])('where %s takes the person out of the team', (_, by) => {
    const change = here({ type: 'organization.team-member-removed', data: { teamId: BOARD, userId: BEN } });
    asked(through, by, removeTeamMember, { ...inTeam, userId: BEN }).expect(change, ...ends);
  });
});

describe('keys=keep', () => {
  const keys = 'keep' as const;

  test('keeps the keys, but no invitation, and takes no more right than the removal', () => {
    const lowered = { ...inOrg, userId: BEN, role: 'member', keys } as const;
    const removed = { ...inOrg, userId: BEN, keys };
    const outcomes = [
      asked(made, ANN, removePerson, removed),
      asked(made, BEN, removePerson, removed),
      asked(made, BEN, revokeRole, removed),
    ];
    for (const outcome of outcomes) outcome.expect(roleRevoked(BEN), invitationRevoked(41));
    asked(made, ANN, grantRole, lowered).expect(granted(BEN, 'member'), invitationRevoked(41));
    const roles = (keeping: Keeping) =>
      [ANN, BEN].map((by) => asked(made, by, removePerson, { ...inOrg, userId: BEN, ...keeping }).decision);
    expect(roles({ keys })).toMatchObject([{ role: 'admin' }, { role: 'anyone' }]);
    expect(roles({})).toMatchObject([{ role: 'admin' }, { role: 'anyone' }]);
  });
});

describe('an invitation gives at most what it gave when it was made', () => {
  const accept = { ...inOrg, invitationId: id(41) };
  const accepted = here({ type: 'organization.invitation-accepted', data: { invitationId: id(41), userId: CAT } });
  const invitedTo = (...before: readonly Happened[]) => [
    ...founded,
    team(BOARD, 'Board'),
    ...before,
    invitation(41, 'viewer', as(ANN), BOARD),
  ];

  test('one joins without a team that has come to more since', () => {
    const raised = [...invitedTo(), teamRole(BOARD, 'owner')];
    asked(raised, CAT, acceptInvitation, accept).expect(accepted, granted(CAT, 'viewer'));
    const further = [...invitedTo(teamRole(BOARD, 'admin')), teamRole(BOARD, 'owner')];
    asked(further, CAT, acceptInvitation, accept).expect(accepted, granted(CAT, 'viewer'));
  });

  test('one joins the team if it gives as much as then, or less, or no more than the invitation itself', () => {
    const both = [accepted, granted(CAT, 'viewer'), joined(BOARD, CAT)];
    asked(invitedTo(teamRole(BOARD, 'owner')), CAT, acceptInvitation, accept).expect(...both);
    asked([...invitedTo(teamRole(BOARD, 'owner')), teamRole(BOARD, 'member')], CAT, acceptInvitation, accept).expect(
      ...both,
    );
    asked([...invitedTo(), teamRole(BOARD, 'viewer')], CAT, acceptInvitation, accept).expect(...both);
  });

  test('whoever may give the role of the team adds the person afterwards', () => {
    const since = [...invitedTo(), teamRole(BOARD, 'owner'), accepted, granted(CAT, 'viewer')];
    const outcome = asked(since, ANN, addTeamMember, { ...inOrg, teamId: BOARD, userId: CAT });
    outcome.expect(joined(BOARD, CAT));
    expect(outcome.decision).toMatchObject({ role: 'owner' });
  });
});
