// Organisations under concurrent commands, through the real write path: invariants hold for every order of commits.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Role } from '../../projections/events/roles.ts';
import { isOwned, roleOf } from '../../projections/membership.ts';
import type { Organization } from '../../projections/organization.ts';
import { findOrganization } from '../../projections/organizations.ts';
import { type CommandRequest, Dispatcher } from '../../src/commands/dispatch.ts';
import type { Dispatched } from '../../src/commands/dispatched.ts';
import { acceptInvitation, createInvitation } from '../../src/commands/invitations.ts';
import { createOrganization } from '../../src/commands/organizations.ts';
import { grantRole, removePerson, revokeRole } from '../../src/commands/roles.ts';
import { addTeamMember, createTeam, removeTeamMember } from '../../src/commands/teams.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { memoryStorage } from '../support/journals.ts';
import { ANN, BEN, person } from '../support/members.ts';

const ROUNDS = 25;

let log: EventLog;
let models: ReadModels;
/** Two of them on one log: what they race for is not decided by who waits in whose lane. */
let dispatchers: readonly [Dispatcher, Dispatcher];

beforeEach(async () => {
  const report = () => {};
  log = new EventLog((await memoryStorage()).journal(), { newId, eventsInMemory: 1_000, maxWaiting: 100, report });
  models = new ReadModels(log.committed$, report);
  await log.open();
  const parts = { log, models, now: () => new Date(), newId, maxWaiting: 100 };
  dispatchers = [new Dispatcher(parts), new Dispatcher(parts)];
});
afterEach(() => log.close());

function as(userId: string): CommandRequest {
  return { viewer: person(userId, () => models.current), correlationId: 'test' };
}

function eventsOf(dispatched: Dispatched): readonly RecordedEvent[] {
  if (dispatched.kind !== 'done') throw new Error(`It ended as ${JSON.stringify(dispatched)}.`);
  return dispatched.events;
}

/** An organisation of Ann's. */
async function founded(): Promise<string> {
  const input = { name: 'Acme', visibility: 'private' } as const;
  const [event] = eventsOf(await dispatchers[0].dispatch(createOrganization, input, as(ANN)));
  return entityId(event as RecordedEvent);
}

/** Ben follows an invitation of Ann's. */
async function joinedByBen(organizationId: string, role: Role): Promise<void> {
  const input = { organizationId, role, expiresAt: '9999-01-01T00:00:00.000Z' };
  eventsOf(await dispatchers[0].dispatch(createInvitation, input, as(ANN)));
  const [invitationId = ''] = now(organizationId).invitations.keys();
  eventsOf(await dispatchers[0].dispatch(acceptInvitation, { organizationId, invitationId }, as(BEN)));
}

async function ownedByBoth(): Promise<string> {
  const organizationId = await founded();
  await joinedByBen(organizationId, 'owner');
  return organizationId;
}

function now(organizationId: string): Organization {
  return findOrganization(models.current.organizations, organizationId) as Organization;
}

function outcomes(all: readonly Dispatched[]): string[] {
  return all.map((each) => (each.kind === 'rejected' ? each.code : each.kind)).sort();
}

test.each([0, 1] as const)(
  'of two owners who remove each other at once exactly one stays (apart: %d)',
  async (apart) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const organizationId = await ownedByBoth();
      const all = await Promise.all([
        dispatchers[0].dispatch(revokeRole, { organizationId, userId: BEN }, as(ANN)),
        dispatchers[apart].dispatch(removePerson, { organizationId, userId: ANN }, as(BEN)),
      ]);
      // Who was removed first is of the organisation no more, and learns nothing.
      expect(outcomes(all)).toEqual(['done', 'not-found']);
      const roles = [ANN, BEN].map((userId) => roleOf(now(organizationId), userId));
      expect(roles.filter((role) => role === 'owner')).toHaveLength(1);
      expect(roles.filter((role) => role === undefined)).toHaveLength(1);
    }
  },
);

test.each([0, 1] as const)(
  'of two owners who leave concurrently exactly one stays (dispatchers apart: %d)',
  async (apart) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const organizationId = await ownedByBoth();
      const all = await Promise.all([
        dispatchers[0].dispatch(revokeRole, { organizationId, userId: ANN }, as(ANN)),
        dispatchers[apart].dispatch(removePerson, { organizationId, userId: BEN }, as(BEN)),
      ]);
      expect(outcomes(all)).toEqual(['done', 'last-owner']);
      expect(isOwned(now(organizationId))).toBe(true);
    }
  },
);

test('an owner through a team and a direct owner cannot both leave concurrently', async () => {
  const organizationId = await founded();
  await dispatchers[0].dispatch(createTeam, { organizationId, name: 'Board' }, as(ANN));
  const [teamId = ''] = now(organizationId).teams.keys();
  eventsOf(await dispatchers[0].dispatch(grantRole, { organizationId, teamId, role: 'owner' }, as(ANN)));
  await joinedByBen(organizationId, 'viewer');
  eventsOf(await dispatchers[0].dispatch(addTeamMember, { organizationId, teamId, userId: BEN }, as(ANN)));
  const all = await Promise.all([
    dispatchers[0].dispatch(revokeRole, { organizationId, userId: ANN }, as(ANN)),
    dispatchers[1].dispatch(removeTeamMember, { organizationId, teamId, userId: BEN }, as(BEN)),
  ]);
  expect(outcomes(all)).toEqual(['done', 'last-owner']);
});

test.each([0, 1] as const)(
  'of twenty who accept one invitation at once exactly one joins (apart: %d)',
  async (apart) => {
    const organizationId = await founded();
    const input = { organizationId, role: 'member', expiresAt: '9999-01-01T00:00:00.000Z' } as const;
    await dispatchers[0].dispatch(createInvitation, input, as(ANN));
    const [invitationId = ''] = now(organizationId).invitations.keys();
    const people = Array.from({ length: 20 }, () => newId());
    const all = await Promise.all(
      people.map((userId, index) =>
        dispatchers[index % 2 === 0 ? 0 : apart].dispatch(
          acceptInvitation,
          { organizationId, invitationId },
          as(userId),
        ),
      ),
    );
    const winners = people.filter((_, index) => all[index]?.kind === 'done');
    expect(winners).toHaveLength(1);
    expect(outcomes(all)).toEqual(['done', ...Array(19).fill('not-found')]);
    const { people: members, invitations } = now(organizationId);
    expect([...members.keys()]).toEqual([ANN, ...winners]);
    expect(invitations.size).toBe(0);
    expect(log.position).toBe(5);
  },
);

test('of twenty concurrent requests for one slug exactly one gets it', async () => {
  const input = { name: 'Acme', slug: 'acme', visibility: 'public' } as const;
  const all = await Promise.all(
    Array.from({ length: 20 }, () => dispatchers[0].dispatch(createOrganization, input, as(newId()))),
  );
  expect(outcomes(all)).toEqual(['done', ...Array(19).fill('slug-taken')]);
  expect([...models.current.organizations.organizations.keys()]).toHaveLength(1);
});
