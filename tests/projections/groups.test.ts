// Groups of services: their status, what a deletion leaves behind, and which streams their past depends on.
import { describe, expect, test } from '@jest/globals';
import { findGroup, groupKind } from '../../projections/groups.ts';
import { foldModels, type Models } from '../../projections/models.ts';
import { showGroup } from '../../projections/service/group.ts';
import { findService, serviceKind, servicesProjection } from '../../projections/services.ts';
import { fold } from '../../projections/state/projection.ts';
import { type Happened, id, recorded, recordedAt } from '../support/scenario.ts';

const [group, other, incident] = [`group-${id(8)}`, `group-${id(9)}`, `incident-${id(7)}`];

const groupCreated = (stream = group): Happened => ({
  stream,
  type: 'group.created',
  data: { name: 'Core', description: '', display: 'expanded', translations: { de: { name: 'Kern' } } },
});
const service = (number: number, status: 'operational' | 'degraded' | 'partial' = 'operational'): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  data: { name: `Service ${number}`, description: 'Answers', status, uptime: 100 },
});
const placed = (number: number, groupId: string | null): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.placed',
  data: { groupId, rank: groupId && `a${number}` },
});
const opened: Happened = {
  stream: incident,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'Slower than usual',
    status: 'investigating',
    impact: 'minor',
    affectedServices: [],
    affectedServiceIds: [id(1)],
    impacts: { [id(1)]: 'major' },
  },
};
const resolved: Happened = { stream: incident, type: 'incident.status-changed', data: { status: 'resolved' } };
const deleted = (stream: string): Happened => ({ stream, type: 'group.deleted', data: {} });

const modelsAfter = (...happened: readonly Happened[]) => foldModels(recorded(happened));
const groupIn = ({ services }: Models) => findGroup(services, id(8));
const statusAfter = (...happened: readonly Happened[]) => groupIn(modelsAfter(...happened))?.status;

const FILLED = [groupCreated(), service(1), service(2, 'degraded'), placed(1, id(8)), placed(2, id(8))];

test('a group is shown as it was created, and operational as long as it is empty', () => {
  const created = groupIn(modelsAfter(groupCreated()));
  expect(created && showGroup(created)).toEqual({
    id: id(8),
    name: 'Core',
    description: '',
    display: 'expanded',
    status: 'operational',
    translations: { de: { name: 'Kern' } },
    order: null,
    createdAt: recordedAt(1),
    lastUpdated: recordedAt(1),
    version: 1,
  });
});

describe('the status of a group', () => {
  test('is the worst that is shown of its services, also because of an incident', () => {
    expect(statusAfter(...FILLED)).toBe('degraded');
    expect(statusAfter(...FILLED, opened)).toBe('major');
    expect(statusAfter(...FILLED, opened, resolved)).toBe('degraded');
  });

  test('follows services that come, go, move and are deleted', () => {
    const without: Happened = { stream: `service-${id(2)}`, type: 'service.deleted', data: {} };
    expect(statusAfter(...FILLED, service(3, 'partial'), placed(3, id(8)))).toBe('partial');
    expect(statusAfter(...FILLED, placed(2, null))).toBe('operational');
    expect(statusAfter(...FILLED, groupCreated(other), placed(2, id(9)))).toBe('operational');
    expect(statusAfter(...FILLED, without)).toBe('operational');
  });

  test('changes the group only when it is another one', () => {
    const before = modelsAfter(...FILLED);
    const after = modelsAfter(...FILLED, service(3), placed(3, id(8)));
    expect(groupIn(after)).toEqual(groupIn(before));
    expect(groupIn(modelsAfter(...FILLED, opened))).toMatchObject({
      position: 6,
      lastUpdated: recordedAt(6),
      version: 1,
    });
  });
});

test('a deleted group leaves its services without a group and a place, each told as changed', () => {
  const happened = [...FILLED, deleted(group)];
  const { services } = modelsAfter(...happened);
  for (const number of [1, 2]) {
    expect(findService(services, id(number))).toMatchObject({ groupId: null, rank: null, position: 6, version: 2 });
  }
  expect(services.members.isEmpty).toBe(true);
  const [before, event] = [modelsAfter(...FILLED), recorded(happened)[5]];
  if (!event) throw new Error('There is no event.');
  expect(serviceKind.touched({ before, after: modelsAfter(...happened) }, event)).toEqual([id(1), id(2)]);
});

test('a text that changes without translations drops them, the display alone does not', () => {
  const described = (data: object): Happened => ({ stream: group, type: 'group.described', data });
  const translationsAfter = (data: object) => groupIn(modelsAfter(groupCreated(), described(data)))?.translations;
  expect(translationsAfter({ display: 'affected' })).toEqual({ de: { name: 'Kern' } });
  expect(translationsAfter({ description: 'What all else stands on' })).toBeNull();
  expect(translationsAfter({ name: 'Base', translations: { de: { name: 'Basis' } } })).toEqual({
    de: { name: 'Basis' },
  });
  expect(translationsAfter({ translations: {} })).toBeNull();
});

test('what a group and a service are now follows from the streams that are said to affect them', () => {
  const happened = [...FILLED, groupCreated(other), placed(1, id(9)), opened, placed(1, id(8)), deleted(other)];
  const events = recorded(happened);
  const models = foldModels(events);
  const foldedFrom = (streams: readonly string[]) =>
    fold(
      servicesProjection,
      events.filter(({ stream }) => streams.includes(stream)),
    );
  const ofGroup = foldedFrom(groupKind.streams(models, id(8)));
  expect(findGroup(ofGroup, id(8))).toEqual(groupIn(models));
  const ofService = foldedFrom(serviceKind.streams(models, id(1)));
  expect(findService(ofService, id(1))).toEqual(findService(models.services, id(1)));
});

test('a redaction blanks a name and its translation', () => {
  const redacted: Happened = {
    stream: group,
    type: 'event.redacted',
    data: {
      eventId: id(900_001),
      remainder: 'f'.repeat(64),
      shown: ['/name', '/translations/de/name'],
      reason: 'Said',
    },
  };
  expect(groupIn(modelsAfter(groupCreated(), redacted))).toMatchObject({
    name: '[redacted]',
    translations: { de: { name: '[redacted]' } },
    version: 2,
  });
});
