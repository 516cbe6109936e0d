// Histories: each event with its changes, limited to what the viewer can see.
import { describe, expect, test } from '@jest/globals';
import type { EntityKind } from '../../projections/entity-kind.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { type HistoryEntry, historyEntry } from '../../projections/history.ts';
import { incidentKind } from '../../projections/incidents.ts';
import type { Models } from '../../projections/models.ts';
import { serviceKind } from '../../projections/services.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { anyone, type Happened, id, recorded, recordedAt } from '../support/scenario.ts';

const stranger: Viewer = { actor: { kind: 'anonymous' }, organizations: ['default'], access: () => 'public' };

/** The history of these events, each with the states right before and after it. */
function historyOf(kind: EntityKind<Models>, events: readonly RecordedEvent[], viewer = anyone): HistoryEntry[] {
  let before = kind.projection.initial;
  return events.map((event) => {
    const after = kind.projection.on(before, event);
    const entry = historyEntry(kind, event, { before, after }, viewer);
    before = after;
    return entry;
  });
}

const changesOf = (entries: readonly HistoryEntry[]) => entries.map(({ changes }) => changes);

describe('the history of a service', () => {
  const stream = `service-${id(1)}`;
  const data = { name: 'API', description: 'Answers', status: 'operational', uptime: 99.9 } as const;
  const created: Happened = { stream, type: 'service.created', tenantId: 'blue', data };
  const at = '2026-03-01T09:01:30.000Z';
  const correction = { from: recordedAt(1), to: recordedAt(2), status: 'major', reason: 'Nobody noticed' } as const;
  const happened: Happened[] = [
    created,
    { stream, type: 'service.described', data: { name: 'Gateway', description: 'Answers' } },
    { stream, type: 'service.status-reported', occurredAt: at, data: { status: 'partial' } },
    { stream, type: 'service.uptime-reported', data: { uptime: 0 } },
    { stream, type: 'service.history-corrected', data: { correctionId: id(7), ...correction } },
    { stream, type: 'service.deleted', data: {} },
  ];

  test('names each field that changed, before and after', () => {
    expect(changesOf(historyOf(serviceKind, recorded(happened)))).toEqual([
      [
        { field: 'name', from: null, to: 'API' },
        { field: 'description', from: null, to: 'Answers' },
        { field: 'reportedStatus', from: null, to: 'operational' },
        { field: 'uptime', from: null, to: 99.9 },
        { field: 'showUptime', from: null, to: true },
        { field: 'onlyShowIfAffected', from: null, to: false },
        { field: 'startDate', from: null, to: recordedAt(1) },
        { field: 'tenantId', from: null, to: 'blue' },
      ],
      [{ field: 'name', from: 'API', to: 'Gateway' }],
      [{ field: 'reportedStatus', from: 'operational', to: 'partial' }],
      [{ field: 'uptime', from: 99.9, to: 0 }],
      [{ field: 'corrections', from: null, to: { id: id(7), ...correction, recordedAt: recordedAt(5) } }],
      [],
    ]);
  });

  test('gives the time of each change, when it was recorded, and its actor', () => {
    expect(historyOf(serviceKind, recorded(happened))[2]).toEqual({
      position: 3,
      version: 3,
      type: 'service.status-reported',
      happenedAt: at,
      recordedAt: recordedAt(3),
      actor: { kind: 'system' },
      changes: expect.any(Array),
    });
  });

  test('hides the actor from anonymous viewers', () => {
    for (const entry of historyOf(serviceKind, recorded(happened), stranger)) expect(entry).not.toHaveProperty('actor');
  });
});

describe('the history of an incident', () => {
  const stream = `incident-${id(9)}`;
  const opened: Happened = {
    stream,
    type: 'incident.opened',
    data: {
      title: 'Slow',
      description: 'Slower than usual',
      status: 'investigating',
      impact: 'minor',
      affectedServices: ['API'],
      affectedServiceIds: [],
      impacts: {},
    },
  };
  const update = { updateId: id(8), status: 'resolved', message: 'Over' } as const;
  const shownUpdate = { id: id(8), status: 'resolved', message: 'Over', changes: [] };
  const over = [{ serviceId: id(1), from: 'partial', to: null }];

  test('names each field that changed, and only the new one of the updates', () => {
    const events = recorded([
      opened,
      { stream, type: 'incident.assessed', data: { impact: 'major', impacts: { [id(1)]: 'partial' } } },
      { stream, type: 'incident.update-posted', data: update },
      {
        stream,
        type: 'incident.update-backfilled',
        occurredAt: recordedAt(2),
        data: { ...update, updateId: id(7) },
      },
      { stream, type: 'incident.status-changed', data: { status: 'monitoring' } },
      { stream, type: 'incident.deleted', data: {} },
    ]);
    expect(changesOf(historyOf(incidentKind, events))).toEqual([
      [
        { field: 'title', from: null, to: 'Slow' },
        { field: 'description', from: null, to: 'Slower than usual' },
        { field: 'status', from: null, to: 'investigating' },
        { field: 'impact', from: null, to: 'minor' },
        { field: 'affectedServices', from: null, to: ['API'] },
        { field: 'affectedServiceIds', from: null, to: [] },
        { field: 'impacts', from: null, to: {} },
      ],
      [
        { field: 'impact', from: 'minor', to: 'major' },
        { field: 'impacts', from: {}, to: { [id(1)]: 'partial' } },
      ],
      [
        { field: 'status', from: 'investigating', to: 'resolved' },
        { field: 'resolvedAt', from: null, to: recordedAt(3) },
        {
          field: 'updates',
          from: null,
          to: { ...shownUpdate, changes: over, createdAt: recordedAt(3), recordedAt: recordedAt(3) },
        },
      ],
      [
        {
          field: 'updates',
          from: null,
          to: { ...shownUpdate, id: id(7), createdAt: recordedAt(2), recordedAt: recordedAt(4) },
        },
      ],
      [
        { field: 'status', from: 'resolved', to: 'monitoring' },
        { field: 'resolvedAt', from: recordedAt(3), to: null },
      ],
      [],
    ]);
  });

  test('tells how an update was edited and retracted, and where the start moved to', () => {
    const shown = { ...shownUpdate, createdAt: recordedAt(2), recordedAt: recordedAt(2) };
    const edited = { ...shown, message: 'All over', editedAt: recordedAt(3) };
    const events = recorded([
      opened,
      { stream, type: 'incident.update-posted', data: update },
      { stream, type: 'incident.update-edited', data: { updateId: id(8), message: 'All over' } },
      { stream, type: 'incident.update-retracted', data: { updateId: id(8) } },
      { stream, type: 'incident.start-moved', data: { startedAt: '2026-03-01T08:00:00.000Z' } },
    ]);
    expect(changesOf(historyOf(incidentKind, events)).slice(2)).toEqual([
      [{ field: 'updates', from: shown, to: edited }],
      [
        { field: 'status', from: 'resolved', to: 'investigating' },
        { field: 'resolvedAt', from: recordedAt(2), to: null },
        { field: 'updates', from: edited, to: null },
      ],
      [{ field: 'startedAt', from: recordedAt(1), to: '2026-03-01T08:00:00.000Z' }],
    ]);
  });
});
