// Commands of groups, and how services get into them: given these events, a command results in exactly these events.
import { describe, expect, test } from '@jest/globals';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { createGroup, createGroupInput, deleteGroup, updateGroup } from '../../src/commands/groups.ts';
import { createService, createServiceInput, updateService } from '../../src/commands/services.ts';
import { anyone, given, type Happened, id, newIds, recordedAt } from '../support/scenario.ts';

const [service, group] = [`service-${id(1)}`, `group-${id(8)}`];
const serviceCreated = (number: number, more: object = {}): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  data: { name: 'API', description: 'Answers', status: 'operational', uptime: 100, ...more },
});
const groupCreated = (more: object = {}): Happened => ({
  stream: group,
  type: 'group.created',
  data: { name: 'Core', description: '', display: 'expanded' },
  ...more,
});
const placed = (number: number, groupId: string | null, rank: string | null): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.placed',
  data: { groupId, rank },
});
const member: Viewer = { ...anyone, access: () => 'member' };
const other: Viewer = {
  ...anyone,
  access: (organizationId) => (organizationId === 'org-456' ? 'owner' : 'public'),
};

describe('a group', () => {
  test('is created in a new stream, expanded and without a description unless told otherwise', () => {
    given()
      .when(createGroup, createGroupInput.parse({ name: 'Core', tenantId: 'blue' }))
      .expect({
        stream: `group-${newIds[0]}`,
        type: 'group.created',
        tenantId: 'blue',
        data: { name: 'Core', description: '', display: 'expanded' },
      });
  });

  test('is described by what differs', () => {
    given(groupCreated())
      .when(updateGroup, { id: id(8), name: 'Core', display: 'affected', translations: { de: { name: 'Kern' } } })
      .expect({
        stream: group,
        type: 'group.described',
        data: { translations: { de: { name: 'Kern' } }, display: 'affected' },
      });
    given(groupCreated())
      .when(updateGroup, { id: id(8), name: 'Core', description: '' })
      .expectNothing();
  });

  test('is deleted by one event, whatever is in it', () => {
    given(groupCreated(), serviceCreated(1), placed(1, id(8), 'a0'))
      .when(deleteGroup, { id: id(8) })
      .expect({ stream: group, type: 'group.deleted', data: {} });
  });

  test('takes an admin, stays where it is, and of another organisation is as good as none', () => {
    expect(given(groupCreated()).when(deleteGroup, { id: id(8) }, member).decision).toMatchObject({ role: 'admin' });
    given(groupCreated())
      .when(updateGroup, { id: id(8), tenantId: 'red' })
      .expectRejection('other-place', '/tenantId');
    for (const command of [updateGroup, deleteGroup]) {
      given(groupCreated())
        .when(command, { id: id(8) }, other)
        .expectRejection('not-found');
    }
  });
});

describe('a service', () => {
  test('comes at the end of the group that it is put into, if that is still there', () => {
    const { decision, expect: results } = given(
      groupCreated(),
      serviceCreated(1),
      serviceCreated(2),
      placed(2, id(8), 'a7'),
    ).when(updateService, { id: id(1), groupId: id(8) });
    results(placed(1, id(8), 'a8'));
    expect(decision).toMatchObject({ role: 'admin', guards: [{ stream: group, expected: 1 }], also: [] });
  });

  test('is created in a group, and as pages show it', () => {
    const body = { name: 'API', description: 'Answers', groupId: id(8), showUptime: false, startDate: recordedAt(0) };
    const stream = `service-${newIds[0]}`;
    const data = { name: 'API', description: 'Answers', status: 'operational', uptime: 100 } as const;
    given(groupCreated())
      .when(createService, createServiceInput.parse(body))
      .expect(
        { stream, type: 'service.created', data: { ...data, startDate: recordedAt(0) } },
        { stream, type: 'service.placed', data: { groupId: id(8), rank: 'a0' } },
        { stream, type: 'service.display-changed', data: { showUptime: false } },
      );
  });

  test('leaves its group, and its place with it', () => {
    given(groupCreated(), serviceCreated(1), placed(1, id(8), 'a0'))
      .when(updateService, { id: id(1), groupId: null })
      .expect(placed(1, null, null));
    given(groupCreated(), serviceCreated(1), placed(1, id(8), 'a0'))
      .when(updateService, { id: id(1), groupId: id(8) })
      .expectNothing();
  });

  test('cannot be put into a group of another organisation, or into one that is gone', () => {
    const asked = { id: id(1), groupId: id(8) };
    const elsewhere = groupCreated({ organizationId: 'org-456' });
    const deleted: Happened = { stream: group, type: 'group.deleted', data: {} };
    for (const groups of [[elsewhere], [groupCreated(), deleted], []]) {
      given(serviceCreated(1), ...groups)
        .when(updateService, asked)
        .expectRejection('unknown-group', '/groupId');
    }
  });

  test('moves its start, also before its creation, but not into the future', () => {
    const early = '2020-01-01T00:00:00.000Z';
    given(serviceCreated(1))
      .when(updateService, { id: id(1), startDate: early })
      .expect({ stream: service, type: 'service.start-moved', data: { startDate: early } });
    given(serviceCreated(1))
      .when(updateService, { id: id(1), startDate: recordedAt(1) })
      .expectNothing();
    for (const ask of [
      given(serviceCreated(1)).when(updateService, { id: id(1), startDate: recordedAt(9) }),
      given().when(createService, createServiceInput.parse({ name: 'A', description: 'B', startDate: recordedAt(9) })),
    ]) {
      ask.expectRejection('future-time', '/startDate');
    }
  });

  test('keeps translations that come again with a changed text, and takes an admin for all of this', () => {
    const translations = { de: { name: 'Schnittstelle' } };
    const asked = { id: id(1), description: 'Answers all', translations, onlyShowIfAffected: true };
    const { decision, expect: results } = given(serviceCreated(1, { translations })).when(updateService, asked, member);
    results(
      { stream: service, type: 'service.described', data: { description: 'Answers all', translations } },
      { stream: service, type: 'service.display-changed', data: { onlyShowIfAffected: true } },
    );
    expect(decision).toMatchObject({ role: 'admin' });
    given(serviceCreated(1, { translations }))
      .when(updateService, { id: id(1), translations, onlyShowIfAffected: false, showUptime: true })
      .expectNothing();
  });
});
