// Incidents as they are shown: their moves, their updates, and when they were resolved.
import { expect, test } from '@jest/globals';
import { findIncident, showIncident } from '../../projections/incidents.ts';
import { type Happened, id, modelsAfter, recorded, recordedAt } from '../support/scenario.ts';

const stream = `incident-${id(7)}`;
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
const moved = (status: 'monitoring' | 'resolved'): Happened => ({
  stream,
  type: 'incident.status-changed',
  data: { status },
});
const posted = (status: 'monitoring' | 'resolved'): Happened => ({
  stream,
  type: 'incident.update-posted',
  data: { updateId: id(8), status, message: 'News' },
});

function shownAfter(...happened: readonly Happened[]) {
  const found = findIncident(modelsAfter(recorded(happened)).incidents, id(7));
  return found && showIncident(found);
}

test('an incident is shown as it was opened', () => {
  expect(shownAfter(opened)).toEqual({
    id: id(7),
    ...opened.data,
    createdAt: recordedAt(1),
    updatedAt: recordedAt(1),
    resolvedAt: null,
    updates: [],
    version: 1,
  });
});

test('one that is opened as resolved was resolved when it happened', () => {
  const occurredAt = '2026-02-28T12:00:00.000Z';
  const past = { ...opened, occurredAt, data: { ...opened.data, status: 'resolved' } } as Happened;
  expect(shownAfter(past)).toMatchObject({ createdAt: occurredAt, resolvedAt: occurredAt, updatedAt: recordedAt(1) });
});

test('an update is appended and moves the status', () => {
  expect(shownAfter(opened, posted('monitoring'), posted('resolved'))).toMatchObject({
    status: 'resolved',
    resolvedAt: recordedAt(3),
    updatedAt: recordedAt(3),
    version: 3,
    updates: [
      { id: id(8), status: 'monitoring', message: 'News', createdAt: recordedAt(2) },
      { id: id(8), status: 'resolved', message: 'News', createdAt: recordedAt(3) },
    ],
  });
});

test('staying resolved keeps the time of the resolution, leaving it clears it', () => {
  expect(shownAfter(opened, moved('resolved'), posted('resolved'))).toMatchObject({ resolvedAt: recordedAt(2) });
  expect(shownAfter(opened, moved('resolved'), moved('monitoring'))).toMatchObject({ resolvedAt: null });
});

test('a deleted one is gone', () => {
  expect(shownAfter(opened, { stream, type: 'incident.deleted', data: {} })).toBeUndefined();
});
