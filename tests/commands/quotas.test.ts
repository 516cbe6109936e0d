// Quotas: at the limit one more is rejected, what is above stays and works, and what has ended makes room.
import { describe, expect, test } from '@jest/globals';
import { foldModels } from '../../projections/models.ts';
import type { Command } from '../../src/commands/command.ts';
import { acceptInvitation, createInvitation, revokeInvitation } from '../../src/commands/invitations.ts';
import { createKey, revokeKey } from '../../src/commands/keys.ts';
import { plan, planInput } from '../../src/commands/maintenances/series.ts';
import { createOrganization, deleteOrganization, updateOrganization } from '../../src/commands/organizations.ts';
import { createTeam, deleteTeam, renameTeam } from '../../src/commands/teams.ts';
import { ANN, BEN, founded, granted, here, ORG, person } from '../support/members.ts';
import { given, type Happened, id, recorded, recordedAt } from '../support/scenario.ts';

const inOrg = { organizationId: ORG };
const FAR = '2030-01-01T00:00:00.000Z';

/** The outcome when the person runs the command after these events. */
function asked<I>(happened: readonly Happened[], userId: string, command: Command<I>, input: I) {
  const models = foldModels(recorded(happened));
  return given(...happened).when(
    command,
    input,
    person(userId, () => models),
  );
}

function times<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(1_000 + index));
}

describe('organisations', () => {
  const input = { name: 'New', visibility: 'private' } as const;
  const made = (number: number, userId = ANN): Happened => ({
    stream: `organization-${id(number)}`,
    organizationId: id(number),
    type: 'organization.created',
    data: { name: 'Made', slug: `made-${number}`, visibility: 'private' },
    actor: { kind: 'user', id: userId },
  });
  const owned = (number: number): Happened => ({
    stream: `organization-${id(number)}`,
    organizationId: id(number),
    type: 'organization.role-granted',
    data: { userId: ANN, role: 'owner' },
  });
  const deleted = (number: number): Happened => ({
    stream: `organization-${id(number)}`,
    organizationId: id(number),
    type: 'organization.deleted',
    data: {},
  });

  test('one person creates a hundred, and no more', () => {
    expect(
      asked(
        times(99, (n) => made(n)),
        ANN,
        createOrganization,
        input,
      ).decision.kind,
    ).toBe('accepted');
    const outcome = asked(
      times(100, (n) => made(n)),
      ANN,
      createOrganization,
      input,
    );
    outcome.expectRejection('limit-reached');
    expect(outcome.decision).toMatchObject({
      message: 'You can create at most 100 organisations; delete one that is no longer needed.',
    });
  });

  test('those that others created do not count, even if the person owns them now', () => {
    const happened = times(150, (n) => [made(n, BEN), owned(n)]).flat();
    expect(asked(happened, ANN, createOrganization, input).decision.kind).toBe('accepted');
    asked(happened, BEN, createOrganization, input).expectRejection('limit-reached');
  });

  test('a deleted one makes room, and only one that the person created', () => {
    const full = times(100, (n) => made(n));
    expect(asked([...full, deleted(1_007)], ANN, createOrganization, input).decision.kind).toBe('accepted');
    asked([...full, made(7, BEN), deleted(7)], ANN, createOrganization, input).expectRejection('limit-reached');
  });

  test('those above the limit can be changed and deleted', () => {
    const happened = times(130, (n) => [made(n), owned(n)]).flat();
    const last = { organizationId: id(1_129) };
    asked(happened, ANN, createOrganization, input).expectRejection('limit-reached');
    expect(asked(happened, ANN, updateOrganization, { ...last, name: 'Other' }).decision.kind).toBe('accepted');
    expect(asked(happened, ANN, deleteOrganization, last).decision.kind).toBe('accepted');
  });
});

describe('keys', () => {
  const made = (number: number, expiresAt?: string) =>
    here({
      type: 'organization.key-created',
      data: { keyId: id(number), name: 'Probe', role: 'member', ...(expiresAt ? { expiresAt } : {}) },
    });
  const input = { ...inOrg, name: 'Probe', role: 'member' } as const;

  test('an organisation has two hundred, and no more; a revoked one makes room, an expired one does not', () => {
    const full = [...founded, ...times(200, (n) => made(n))];
    expect(asked(full.slice(0, -1), ANN, createKey, input).decision.kind).toBe('accepted');
    asked(full, ANN, createKey, input).expectRejection('limit-reached');
    const revoked = here({ type: 'organization.key-revoked', data: { keyId: id(1_007) } });
    expect(asked([...full, revoked], ANN, createKey, input).decision.kind).toBe('accepted');
    const expired = made(1_199, recordedAt(0));
    asked([...full.slice(0, -1), expired], ANN, createKey, input).expectRejection('limit-reached');
  });

  test('those above the limit can be revoked', () => {
    const happened = [...founded, ...times(230, (n) => made(n))];
    expect(asked(happened, ANN, revokeKey, { ...inOrg, keyId: id(1_229) }).decision.kind).toBe('accepted');
  });
});

describe('invitations', () => {
  const made = (number: number, expiresAt = FAR) =>
    here({ type: 'organization.invitation-created', data: { invitationId: id(number), role: 'member', expiresAt } });
  const input = { ...inOrg, role: 'member', expiresAt: FAR } as const;
  const full = [...founded, ...times(200, (n) => made(n))];

  test('two hundred of an organisation are open, and no more', () => {
    expect(asked(full.slice(0, -1), ANN, createInvitation, input).decision.kind).toBe('accepted');
    asked(full, ANN, createInvitation, input).expectRejection('limit-reached');
  });

  test('one that is accepted, revoked or expired makes room', () => {
    const invitationId = id(1_007);
    const ends = [
      [here({ type: 'organization.invitation-accepted', data: { invitationId, userId: BEN } }), granted(BEN, 'member')],
      [here({ type: 'organization.invitation-revoked', data: { invitationId } })],
    ];
    for (const end of ends) {
      expect(asked([...full, ...end], ANN, createInvitation, input).decision.kind).toBe('accepted');
    }
    const expired = made(1_199, recordedAt(full.length));
    expect(asked([...full.slice(0, -1), expired], ANN, createInvitation, input).decision.kind).toBe('accepted');
  });

  test('those above the limit can be accepted and revoked', () => {
    const happened = [...full, ...times(30, (n) => made(1_000 + n))];
    const last = { ...inOrg, invitationId: id(2_029) };
    expect(asked(happened, BEN, acceptInvitation, last).decision.kind).toBe('accepted');
    expect(asked(happened, ANN, revokeInvitation, last).decision.kind).toBe('accepted');
  });
});

describe('teams', () => {
  const made = (number: number) =>
    here({ type: 'organization.team-created', data: { teamId: id(number), name: 'Team' } });
  const input = { ...inOrg, name: 'New' };

  test('an organisation has two hundred, and no more; a deleted one makes room', () => {
    const full = [...founded, ...times(200, made)];
    expect(asked(full.slice(0, -1), ANN, createTeam, input).decision.kind).toBe('accepted');
    asked(full, ANN, createTeam, input).expectRejection('limit-reached');
    const deleted = here({ type: 'organization.team-deleted', data: { teamId: id(1_007) } });
    expect(asked([...full, deleted], ANN, createTeam, input).decision.kind).toBe('accepted');
  });

  test('those above the limit can be renamed and deleted', () => {
    const happened = [...founded, ...times(230, made)];
    const last = { ...inOrg, teamId: id(1_229) };
    expect(asked(happened, ANN, renameTeam, { ...last, name: 'Other' }).decision.kind).toBe('accepted');
    expect(asked(happened, ANN, deleteTeam, last).decision.kind).toBe('accepted');
  });
});

test('an organisation has two hundred series of maintenance, and no more; one that ends makes room', () => {
  const window = { startsAt: '2030-01-01T02:00', endsAt: '2030-01-01T03:00', timeZone: 'UTC' };
  const made = (number: number): Happened => ({
    stream: `series-${id(number)}`,
    organizationId: ORG,
    type: 'series.planned',
    data: {
      title: 'Weekly',
      description: '',
      rrule: 'FREQ=WEEKLY',
      local: { startsAt: '2030-01-01T02:00:00', endsAt: '2030-01-01T03:00:00', timeZone: 'UTC' },
      exceptions: [],
      affectedServiceIds: [],
      autoStart: true,
      autoEnd: true,
    },
  });
  const input = planInput.parse({ ...inOrg, title: 'One more', ...window, recurrence: 'FREQ=WEEKLY' });
  const full = [...founded, ...times(200, made)];
  expect(asked(full.slice(0, -1), ANN, plan, input).decision.kind).toBe('accepted');
  asked(full, ANN, plan, input).expectRejection('limit-reached');
  const ended: Happened = { stream: `series-${id(1_007)}`, organizationId: ORG, type: 'series.ended', data: {} };
  expect(asked([...full, ended], ANN, plan, input).decision.kind).toBe('accepted');
});
