// Redactions in the read models: the text is blanked at once, nothing else changes, and the history names the
// redaction.

import { describe, expect, test } from '@jest/globals';
import { historyEntry } from '../../projections/history.ts';
import { findIncident, incidentKind, incidentsProjection } from '../../projections/incidents.ts';
import { findMaintenance } from '../../projections/maintenances.ts';
import { foldModels } from '../../projections/models.ts';
import { redactedAt } from '../../projections/redactions.ts';
import { findService } from '../../projections/services.ts';
import { fold } from '../../projections/state/projection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { anyone, type Happened, id, recorded } from '../support/scenario.ts';

const service = `service-${id(1)}`;
const incident = `incident-${id(2)}`;
const created: Happened = {
  stream: service,
  type: 'service.created',
  data: { name: 'API', description: 'hunter2', status: 'partial', uptime: 99.9 },
};
const opened: Happened = {
  stream: incident,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'It is hunter2',
    status: 'investigating',
    impact: 'major',
    affectedServices: ['API', 'hunter2'],
    affectedServiceIds: [id(1)],
    impacts: { [id(1)]: 'major' },
  },
};
const posted = (update: number, message: string): Happened => ({
  stream: incident,
  type: 'incident.update-posted',
  data: { updateId: id(update), status: 'identified', message },
});
const redacted = (stream: string, shown: readonly string[]): Happened => ({
  stream,
  type: 'event.redacted',
  data: {
    eventId: id(900_001),
    remainder: '0'.repeat(64),
    shown,
    reason: 'A password',
  },
});

describe('a redaction', () => {
  test('blanks text that a service still shows, and changes its version, position and time', () => {
    const before = findService(foldModels(recorded([created])).services, id(1));
    const events = recorded([created, redacted(service, ['/description'])]);
    expect(findService(foldModels(events).services, id(1))).toEqual({
      ...before,
      description: '[redacted]',
      version: 2,
      position: 2,
      lastUpdated: events[1]?.recordedAt,
    });
  });

  test('blanks text that an incident still shows, each text of a list, and one update', () => {
    const happened = [created, opened, posted(7, 'hunter2'), posted(8, 'Found')];
    const before = findIncident(foldModels(recorded(happened)).incidents, id(2));
    const events = recorded([
      ...happened,
      redacted(incident, ['/description', '/affectedServices', `/updates/${id(7)}/message`]),
    ]);
    const [first, second] = before?.updates ?? [];
    expect(findIncident(foldModels(events).incidents, id(2))).toEqual({
      ...before,
      description: '[redacted]',
      affectedServices: ['[redacted]', '[redacted]'],
      updates: [{ ...first, message: '[redacted]' }, second],
      version: 4,
      position: 5,
      updatedAt: events[4]?.recordedAt,
    });
  });

  test('applies to the entity of its stream, even if a service and an incident have the same id', () => {
    const twin: Happened = { ...created, stream: `service-${id(2)}` };
    const { services, incidents } = foldModels(recorded([twin, opened, redacted(incident, ['/description'])]));
    expect(findService(services, id(2))).toMatchObject({ description: 'hunter2', version: 1 });
    expect(findIncident(incidents, id(2))).toMatchObject({ description: '[redacted]', version: 2 });
  });

  test('does not bring back a deleted entity', () => {
    const gone: Happened = { stream: incident, type: 'incident.deleted', data: {} };
    const before = foldModels(recorded([created, opened, gone]));
    const after = foldModels(recorded([created, opened, gone, redacted(incident, ['/title'])]));
    expect(after.incidents).toEqual(before.incidents);
    expect(after.services).toEqual(before.services);
  });
});

test('the history says what was redacted and why, without the text', () => {
  const [first, second] = recorded([opened, redacted(incident, ['/description'])]);
  if (!first || !second) throw new Error('Nothing was recorded.');
  const before = fold(incidentsProjection, [first]);
  const after = incidentsProjection.on(before, second);
  expect(historyEntry(incidentKind, second, { before, after }, anyone).changes).toEqual([
    { field: 'redactions', from: null, to: { eventId: id(900_001), reason: 'A password' } },
  ]);
});

describe('the position of the last redaction', () => {
  const acme: Viewer = {
    actor: { kind: 'anonymous' },
    organizations: ['acme'],
    access: (organizationId) => (organizationId === 'acme' ? 'member' : 'none'),
  };

  test('is that of one organisation, or of all that the viewer can see', () => {
    const elsewhere: Happened = { ...redacted(service, []), organizationId: 'acme' };
    const { redactions } = foldModels(recorded([elsewhere, created, elsewhere, redacted(service, [])]));
    expect([redactedAt(redactions, anyone), redactedAt(redactions, anyone, 'acme')]).toEqual([4, 3]);
    expect([redactedAt(redactions, acme), redactedAt(redactions, acme, 'default')]).toEqual([3, 0]);
    expect(redactedAt(redactions, anyone, 'nobody')).toBe(0);
  });
});

test('a maintenance shows a redacted name at the same position in a replay, which never saw the other one', () => {
  const planned: Happened = {
    stream: `maintenance-${id(3)}`,
    type: 'maintenance.planned',
    data: {
      title: 'Work',
      description: '',
      startsAt: '2027-01-01T00:00:00.000Z',
      endsAt: '2027-01-01T01:00:00.000Z',
      affectedServiceIds: [id(1)],
      autoStart: true,
      autoEnd: true,
    },
  };
  const named = (name: string): Happened => ({ ...created, data: { ...created.data, name } }) as Happened;
  const renamed = (name: string): Happened => ({ stream: service, type: 'service.described', data: { name } });
  const shown = (...names: readonly [string, string]) => {
    const [first, second] = names;
    const history = [named(first), planned, renamed(second), redacted(service, ['/name'])];
    return findMaintenance(foldModels(recorded(history)).maintenances, id(3));
  };
  expect(shown('hunter1', 'hunter2')).toMatchObject({ affectedServices: ['[redacted]'], position: 4 });
  expect(shown('[redacted]', '[redacted]')).toEqual(shown('hunter1', 'hunter2'));
});
