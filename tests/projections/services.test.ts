// The read model of services: reports of teams, impacts of unresolved incidents, and the counts over them.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldModels } from '../../projections/models.ts';
import { showService } from '../../projections/service.ts';
import { findService, selectNamedServices, selectServices } from '../../projections/services.ts';
import { anyone, type Happened, id, recorded, recordedAt } from '../support/scenario.ts';

const service: Happened = {
  stream: `service-${id(1)}`,
  type: 'service.created',
  data: { name: 'API', description: 'Answers', status: 'operational', uptime: 99.9 },
};
const says = (status: 'degraded' | 'partial' | 'major', incident = 7): Happened => ({
  stream: `incident-${id(incident)}`,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'Slower than usual',
    status: 'investigating',
    impact: 'minor',
    affectedServices: [],
    affectedServiceIds: [id(1)],
    impacts: { [id(1)]: status },
  },
});
const moves = (status: 'monitoring' | 'resolved', incident = 7): Happened => ({
  stream: `incident-${id(incident)}`,
  type: 'incident.status-changed',
  data: { status },
});

function shownAfter(...happened: readonly Happened[]) {
  const found = findService(foldModels(recorded(happened)).services, id(1));
  return found && { ...showService(found), position: found.position };
}

describe('a service is found by its name', () => {
  const [composed, decomposed] = ['Z\u00fcrich', 'Zu\u0308rich'];
  const named = (number: number, name: string): Happened =>
    ({ ...service, stream: `service-${id(number)}`, data: { ...service.data, name } }) as Happened;
  const renamed = (number: number, name: string): Happened =>
    ({ stream: `service-${id(number)}`, type: 'service.described', data: { name } }) as Happened;
  const found = (happened: readonly Happened[], name: string) =>
    selectNamedServices(foldModels(recorded(happened)).services, anyone, 'default', [name]).map((each) => each.id);

  test.each([composed, decomposed])('whichever way its letters are composed: %j', (name) => {
    expect(found([named(1, composed), named(2, decomposed), named(3, 'Zurich')], name)).toEqual([id(1), id(2)]);
  });

  test('also after it was renamed to the same letters, or deleted', () => {
    const both = [named(1, composed), named(2, decomposed)];
    expect(found([...both, renamed(1, decomposed)], composed)).toEqual([id(1), id(2)]);
    expect(found([...both, { stream: `service-${id(2)}`, type: 'service.deleted', data: {} }], composed)).toEqual([
      id(1),
    ]);
    expect(found([...both, renamed(2, 'Genf')], decomposed)).toEqual([id(1)]);
  });

  test('and shown as it was sent', () => {
    const { services } = foldModels(recorded([named(1, decomposed)]));
    expect(findService(services, id(1))?.name).toBe(decomposed);
  });
});

test('a service is shown as it was created', () => {
  expect(shownAfter(service)).toEqual({
    id: id(1),
    name: 'API',
    description: 'Answers',
    status: 'operational',
    reportedStatus: 'operational',
    reportedSince: recordedAt(1),
    reportedAt: recordedAt(1),
    uptime: 99.9,
    groupId: null,
    order: null,
    showUptime: true,
    onlyShowIfAffected: false,
    startDate: recordedAt(1),
    createdAt: recordedAt(1),
    lastUpdated: recordedAt(1),
    version: 1,
    position: 1,
  });
});

test('a report sets the time of its status, which can be before it was recorded', () => {
  const occurredAt = '2026-03-01T09:01:30.000Z';
  const backdated: Happened = {
    stream: `service-${id(1)}`,
    type: 'service.status-reported',
    occurredAt,
    data: { status: 'partial' },
  };
  expect(shownAfter(service, backdated)).toMatchObject({
    reportedStatus: 'partial',
    reportedSince: occurredAt,
    reportedAt: recordedAt(2),
    lastUpdated: recordedAt(2),
  });
});

test('a correction of the past changes only the version of a service', () => {
  const corrected: Happened = {
    stream: `service-${id(1)}`,
    type: 'service.history-corrected',
    data: { correctionId: id(2), from: recordedAt(1), to: recordedAt(2), status: 'major', reason: 'Nobody noticed' },
  };
  expect(shownAfter(service, corrected)).toEqual({
    ...shownAfter(service),
    lastUpdated: recordedAt(2),
    version: 2,
    position: 2,
  });
});

describe('the shown status', () => {
  const reports = (status: 'maintenance' | 'major'): Happened => ({
    stream: `service-${id(1)}`,
    type: 'service.status-reported',
    data: { status },
  });
  const takesBack: Happened = { stream: `incident-${id(7)}`, type: 'incident.assessed', data: { impacts: {} } };
  const updates: Happened = {
    stream: `incident-${id(7)}`,
    type: 'incident.update-posted',
    data: { updateId: id(8), status: 'resolved', message: 'Over' },
  };
  const deletes: Happened = { stream: `incident-${id(7)}`, type: 'incident.deleted', data: {} };

  test.each([
    ['is what an incident says, where that is worse', [says('partial')], 'partial'],
    ['is what the team reports, where that is worse', [reports('major'), says('degraded')], 'major'],
    ['is an outage although maintenance is reported', [reports('maintenance'), says('degraded')], 'degraded'],
    ['is the worst of what several incidents say', [says('degraded', 6), says('major'), says('partial', 8)], 'major'],
    ['falls back when the incident is resolved', [says('major'), moves('resolved')], 'operational'],
    ['falls back when an update resolves the incident', [says('major'), updates], 'operational'],
    ['stays while the incident only moves on', [says('major'), moves('monitoring')], 'major'],
    ['returns when the incident is reopened', [says('major'), moves('resolved'), moves('monitoring')], 'major'],
    ['falls back when the incident takes it back', [says('major'), takesBack], 'operational'],
    ['falls back when the incident is deleted', [says('major'), deletes], 'operational'],
    ['keeps what another incident still says', [says('major'), says('partial', 8), moves('resolved')], 'partial'],
  ] as const)('%s', (_name, happened, status) => {
    expect(shownAfter(service, ...happened)).toMatchObject({ status });
  });

  test('changes the position and the time of the service, but not its version', () => {
    expect(shownAfter(service, says('partial'))).toMatchObject({ position: 2, lastUpdated: recordedAt(2), version: 1 });
  });

  test('changes nothing if it stays the same', () => {
    expect(shownAfter(service, says('partial'), says('degraded', 8))).toMatchObject({ position: 2 });
  });
});

test('a list is in the order of creation and within its filter', () => {
  const events = recorded([
    { ...service, stream: `service-${id(3)}`, organizationId: 'org-456', tenantId: 'blue' },
    { ...service, stream: `service-${id(2)}` },
    { ...service, stream: `service-${id(1)}`, tenantId: 'blue' },
  ]);
  const listed = (filter: object) => selectServices(foldModels(events).services, anyone, filter).map(({ id }) => id);
  expect(listed({})).toEqual([id(3), id(2), id(1)]);
  expect(listed({ organizationId: 'default' })).toEqual([id(2), id(1)]);
  expect(listed({ tenantId: 'blue' })).toEqual([id(3), id(1)]);
  expect(listed({ organizationId: 'org-456', tenantId: 'blue' })).toEqual([id(3)]);
  expect(listed({ organizationId: 'org-456', tenantId: 'green' })).toEqual([]);
});

test('a viewer who cannot see an organisation sees none of its services', () => {
  const { services } = foldModels(
    recorded([
      { ...service, organizationId: 'org-456' },
      { ...service, stream: `service-${id(2)}` },
    ]),
  );
  const stranger = {
    ...anyone,
    organizations: ['default'],
    access: (organization: string) => (organization === 'default' ? ('public' as const) : ('none' as const)),
  };
  expect(selectServices(services, stranger, {}).map((each) => each.id)).toEqual([id(2)]);
  expect(selectServices(services, stranger, { organizationId: 'org-456' })).toEqual([]);
});

describe('the services with one of some names or ids', () => {
  const names = ['API', 'Web', 'web', id(2), '[redacted]'];
  const changes = (stream: string) =>
    fc.oneof(
      fc.constantFrom(...names).map((name) => ({ stream, type: 'service.described', data: { name } })),
      fc.constant({ stream, type: 'service.status-reported', data: { status: 'partial' } }),
      fc.constant({ stream, type: 'service.deleted', data: {} }),
      fc.constant({ stream, type: 'event.redacted', data: { eventId: id(9), reason: 'Private', shown: ['/name'] } }),
    );
  const life = (number: number) => {
    const stream = `service-${id(number)}`;
    const place = fc.constantFrom({}, { tenantId: 'red' }, { organizationId: 'org-456' });
    const created = fc.record({ place, name: fc.constantFrom(...names) });
    return fc
      .tuple(created, fc.array(changes(stream), { maxLength: 3 }))
      .map(([{ place: own, name }, later]) =>
        [{ ...service, stream, data: { ...service.data, name } }, ...later].map((event) => ({ ...event, ...own })),
      );
  };
  const lives = fc.tuple(...[1, 2, 3, 4, 5, 6].map(life)).map((each) => each.flat()) as fc.Arbitrary<Happened[]>;
  const organization = fc.constantFrom('default', 'org-456');

  test('are those that a walk over all of them finds, in the same order', () => {
    const asked = fc.array(fc.constantFrom(...names, id(1), id(5), 'Unknown'));
    fc.assert(
      fc.property(lives, asked, organization, (happened, wanted, organizationId) => {
        const { services } = foldModels(recorded(happened));
        const walked = selectServices(services, anyone, { organizationId }).filter(
          (each) => wanted.includes(each.id) || wanted.includes(each.name),
        );
        expect(selectNamedServices(services, anyone, organizationId, wanted)).toEqual(walked);
      }),
      { numRuns: 200 },
    );
  });

  test('are none if the viewer cannot see the organisation', () => {
    const { services } = foldModels(recorded([service]));
    const stranger = { ...anyone, access: () => 'none' as const };
    expect(selectNamedServices(services, stranger, 'default', ['API', id(1)])).toEqual([]);
  });

  test('leave no name behind when they are gone', () => {
    const gone: Happened = { stream: service.stream, type: 'service.deleted', data: {} };
    expect(foldModels(recorded([service, gone])).services.names.isEmpty).toBe(true);
  });
});
