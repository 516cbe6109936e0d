// Commands of maintenances: given these events, a command results in exactly these events.
import { describe, expect, test } from '@jest/globals';
import {
  deleteMaintenance,
  planMaintenance,
  planMaintenanceInput,
  updateMaintenance,
  updateMaintenanceInput,
} from '../../../src/commands/maintenances/maintenances.ts';
import {
  editMaintenanceUpdate,
  postMaintenanceUpdate,
  postUpdateInput,
  retractMaintenanceUpdate,
} from '../../../src/commands/maintenances/updates.ts';
import { given, type Happened, id, newIds, recordedAt } from '../../support/scenario.ts';

const service = (number: number, name: string, organizationId = 'default'): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  organizationId,
  data: { name, description: 'A service', status: 'operational', uptime: 100 },
});
const api = service(1, 'API');
const foreign = service(2, 'Search', 'org-456');

const stream = `maintenance-${id(9)}`;
const work = { title: 'New disks', description: '', affectedServiceIds: [id(1)], autoStart: true, autoEnd: true };
const window = { startsAt: '2027-01-10T01:30:00.000Z', endsAt: '2027-01-10T02:30:00.000Z' };
const local = { startsAt: '2027-01-10T02:30:00', endsAt: '2027-01-10T03:30:00', timeZone: 'Europe/Berlin' };

const planned = (data: object = {}): Happened => ({
  stream,
  type: 'maintenance.planned',
  data: { ...work, ...window, ...data },
});
const happened = (
  type: 'started' | 'verification-begun' | 'completed' | 'cancelled',
  occurredAt?: string,
): Happened => ({ stream, type: `maintenance.${type}`, data: {}, ...(occurredAt ? { occurredAt } : {}) });

const plan = (body: object) => planMaintenanceInput.parse({ title: 'New disks', affectedServices: ['API'], ...body });
const change = (body: object) => ({ ...updateMaintenanceInput.parse(body), id: id(9) });

/** The event of a newly planned maintenance. */
const inNewStream = (...events: readonly Happened[]) =>
  events.map((event) => ({ ...event, stream: `maintenance-${newIds[0]}` }));

describe('planning a maintenance', () => {
  test('records the ids of services, and no wall clocks where none were sent', () => {
    given(api)
      .when(planMaintenance, plan(window))
      .expect(...inNewStream(planned()));
  });

  test('records the wall clocks that were sent', () => {
    const clocks = { startsAt: '2027-01-10T02:30', endsAt: '2027-01-10T03:30', timeZone: 'Europe/Berlin' };
    given(api)
      .when(planMaintenance, plan(clocks))
      .expect(...inNewStream(planned({ local })));
  });

  // A test's second event is recorded at 09:02.
  const [before, after] = [recordedAt(0), recordedAt(9)];

  test('begins it at once where its window has begun', () => {
    const begun = { startsAt: before, endsAt: after };
    given(api)
      .when(planMaintenance, plan(begun))
      .expect(...inNewStream(planned(begun), happened('started', before)));
    given(api)
      .when(planMaintenance, plan({ ...begun, autoStart: false }))
      .expect(...inNewStream(planned({ ...begun, autoStart: false })));
  });

  test('records a window that is wholly past as over, whoever was to begin it', () => {
    const past = { startsAt: '2026-02-01T01:00:00.000Z', endsAt: '2026-02-01T02:00:00.000Z' };
    const byHand = { autoStart: false, autoEnd: false };
    given(api)
      .when(planMaintenance, plan({ ...past, ...byHand }))
      .expect(
        ...inNewStream(
          planned({ ...past, ...byHand }),
          happened('started', past.startsAt),
          happened('completed', past.endsAt),
        ),
      );
  });

  test.each([
    [{ ...window, affectedServices: ['API', 'Unheard of'] }, '/affectedServices/1'],
    // Of another organisation.
    [{ ...window, affectedServices: ['Search'] }, '/affectedServices/0'],
    [{ ...window, endsAt: window.startsAt }, '/endsAt'],
    [{ ...window, startsAt: '2027-01-10T02:30' }, '/startsAt'],
  ])('refuses %j', (body, pointer) => {
    given(api, foreign).when(planMaintenance, plan(body)).expectRejection('invalid-request', pointer);
  });

  test.each([
    ['2027-03-28T02:30', 'Europe/Berlin', '2027-03-28T02:30:00+01:00 or 2027-03-28T02:30:00+02:00'],
    ['2027-10-31T02:30', 'Europe/Berlin', '2027-10-31T02:30:00+02:00 or 2027-10-31T02:30:00+01:00'],
    ['2027-11-07T01:15', 'America/New_York', '2027-11-07T01:15:00-04:00 or 2027-11-07T01:15:00-05:00'],
    ['2027-04-04T01:45', 'Australia/Lord_Howe', '2027-04-04T01:45:00+11:00 or 2027-04-04T01:45:00+10:30'],
    ['2026-04-24T00:00', 'Africa/Cairo', '2026-04-24T00:00:00+02:00 or 2026-04-24T00:00:00+03:00'],
  ])('refuses %s in %s, which can be read in two ways', (startsAt, timeZone, readings) => {
    const { decision } = given(api).when(planMaintenance, plan({ startsAt, endsAt: '2029-01-01T00:00:00Z', timeZone }));
    expect(decision).toMatchObject({ code: 'invalid-request', pointer: '/startsAt' });
    expect(decision).toMatchObject({ message: expect.stringContaining(readings) });
  });
});

describe('updating a maintenance', () => {
  test('records each fact that changes, and nothing that does not', () => {
    const body = { title: 'Newer disks', affectedServices: [], autoEnd: false, startsAt: '2027-01-10T02:00:00Z' };
    given(api, planned())
      .when(updateMaintenance, change({ ...body, endsAt: window.endsAt, autoStart: true }))
      .expect(
        { stream, type: 'maintenance.described', data: { title: 'Newer disks' } },
        { stream, type: 'maintenance.services-changed', data: { affectedServiceIds: [] } },
        { stream, type: 'maintenance.moved', data: { ...window, startsAt: '2027-01-10T02:00:00.000Z' } },
        { stream, type: 'maintenance.automation-changed', data: { autoEnd: false } },
      );
    given(api, planned({ local }))
      .when(updateMaintenance, change({ title: 'New disks' }))
      .expectNothing();
  });

  test('reads a wall clock without a zone in the zone of the maintenance', () => {
    given(api, planned({ local }))
      .when(updateMaintenance, change({ endsAt: '2027-01-10T04:00' }))
      .expect({
        stream,
        type: 'maintenance.moved',
        data: { ...window, endsAt: '2027-01-10T03:00:00.000Z', local: { ...local, endsAt: '2027-01-10T04:00:00' } },
      });
    const page: Happened = { stream: 'page-default', type: 'page.configured', data: { timeZone: 'Asia/Tokyo' } };
    given(page, api, planned())
      .when(updateMaintenance, change({ endsAt: '2027-01-10T12:00' }))
      .expect({
        stream,
        type: 'maintenance.moved',
        data: {
          ...window,
          endsAt: '2027-01-10T03:00:00.000Z',
          local: { startsAt: '2027-01-10T10:30:00', endsAt: '2027-01-10T12:00:00', timeZone: 'Asia/Tokyo' },
        },
      });
  });

  test('begins it at once if it is moved to a window that has begun', () => {
    const startsAt = recordedAt(0);
    given(api, planned())
      .when(updateMaintenance, change({ startsAt }))
      .expect({ stream, type: 'maintenance.moved', data: { ...window, startsAt } }, happened('started', startsAt));
  });

  test('moves the end, but not the start, of one that has begun', () => {
    given(api, planned(), happened('started'))
      .when(updateMaintenance, change({ startsAt: '2027-01-10T01:00:00Z' }))
      .expectRejection('wrong-state', '/startsAt');
    given(api, planned(), happened('started'))
      .when(updateMaintenance, change({ endsAt: '2027-01-10T03:00:00Z' }))
      .expect({ stream, type: 'maintenance.moved', data: { ...window, endsAt: '2027-01-10T03:00:00.000Z' } });
  });

  test.each(['completed', 'cancelled'] as const)('changes only the words and services of one that is %s', (state) => {
    const over = [api, planned(), happened('started'), happened(state)];
    for (const body of [{ endsAt: '2027-01-10T03:00:00Z' }, { autoEnd: false }, { status: 'in-progress' }]) {
      given(...over)
        .when(updateMaintenance, change(body))
        .expectRejection('wrong-state');
    }
    given(...over)
      .when(updateMaintenance, change({ title: 'Old disks', affectedServices: [] }))
      .expect(
        { stream, type: 'maintenance.described', data: { title: 'Old disks' } },
        { stream, type: 'maintenance.services-changed', data: { affectedServiceIds: [] } },
      );
    given(...over)
      .when(deleteMaintenance, { id: id(9) })
      .expect({ stream, type: 'maintenance.deleted', data: {} });
  });

  test.each([
    ['in-progress', [], 'started'],
    ['cancelled', [], 'cancelled'],
    ['verifying', [happened('started')], 'verification-begun'],
    ['in-progress', [happened('started'), happened('verification-begun')], 'started'],
    ['completed', [happened('started'), happened('verification-begun')], 'completed'],
    ['completed', [happened('started')], 'completed'],
  ] as const)('sets it to %s after %j', (status, before, type) => {
    given(api, planned(), ...before)
      .when(updateMaintenance, change({ status }))
      .expect(happened(type));
  });

  test.each([
    ['verifying', []],
    ['completed', []],
    ['scheduled', [happened('started')]],
  ] as const)('does not set it to %s after %j', (status, before) => {
    given(api, planned(), ...before)
      .when(updateMaintenance, change({ status }))
      .expectRejection('wrong-state', '/status');
  });

  test('lets the id of a deleted service stay, and adds none', () => {
    const gone: Happened = { stream: `service-${id(1)}`, type: 'service.deleted', data: {} };
    given(api, planned(), gone)
      .when(updateMaintenance, change({ affectedServices: [id(1)] }))
      .expectNothing();
  });
});

describe('the updates of a maintenance', () => {
  const posted: Happened = {
    stream,
    type: 'maintenance.update-posted',
    data: { updateId: id(7), status: 'scheduled', message: 'Soon', translations: { de: { message: 'Bald' } } },
  };

  test('say the status, which an event beside them changes', () => {
    const update = { updateId: newIds[0], status: 'in-progress' } as const;
    given(api, planned())
      .when(postMaintenanceUpdate, { id: id(9), status: 'in-progress', message: 'We begin' })
      .expect(happened('started'), {
        stream,
        type: 'maintenance.update-posted',
        data: { ...update, message: 'We begin' },
      });
    given(api, planned(), happened('started'))
      .when(postMaintenanceUpdate, { id: id(9), status: 'in-progress' })
      .expect({ stream, type: 'maintenance.update-posted', data: update });
    expect(postUpdateInput.safeParse({}).success).toBe(false);
  });

  test('are not posted once it is over, but edited and retracted', () => {
    const over = [api, planned(), posted, happened('cancelled')];
    const addressed = { id: id(9), updateId: id(7) };
    given(...over)
      .when(postMaintenanceUpdate, { id: id(9), message: 'Late' })
      .expectRejection('wrong-state');
    given(...over)
      .when(editMaintenanceUpdate, { ...addressed, message: 'Later' })
      .expect({ stream, type: 'maintenance.update-edited', data: { updateId: id(7), message: 'Later' } });
    given(...over)
      .when(editMaintenanceUpdate, { ...addressed, message: 'Soon' })
      .expectNothing();
    given(...over)
      .when(retractMaintenanceUpdate, addressed)
      .expect({ stream, type: 'maintenance.update-retracted', data: { updateId: id(7) } });
    given(...over)
      .when(retractMaintenanceUpdate, { ...addressed, updateId: id(8) })
      .expectRejection('not-found');
  });
});
