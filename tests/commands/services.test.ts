// Commands of services: given these events, a command results in exactly these events.
import { describe, expect, test } from '@jest/globals';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import {
  correctHistory,
  correctHistoryInput,
  createService,
  deleteService,
  updateService,
  updateServiceInput,
} from '../../src/commands/services.ts';
import { given, type Happened, id, newIds, recordedAt } from '../support/scenario.ts';

const stream = `service-${id(1)}`;
const created: Happened = {
  stream,
  type: 'service.created',
  data: { name: 'API', description: 'Answers', status: 'operational', uptime: 99.9 },
};
const elsewhere: Happened = { ...created, organizationId: 'org-456', tenantId: 'blue' };
const degradedBy = (incident: number): Happened => ({
  stream: `incident-${id(incident)}`,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'Slower than usual',
    status: 'investigating',
    impact: 'minor',
    affectedServices: [],
    affectedServiceIds: [id(1)],
    impacts: { [id(1)]: 'degraded' },
  },
});

describe('creating a service', () => {
  const input = { name: 'API', description: 'Answers', status: 'operational', uptime: 100 } as const;

  test('records it in a new stream', () => {
    given()
      .when(createService, input)
      .expect({ stream: `service-${newIds[0]}`, type: 'service.created', data: input });
  });

  test('puts it in the given organisation and tenant', () => {
    given()
      .when(createService, { ...input, organizationId: 'org-456', tenantId: 'blue' })
      .expect({
        stream: `service-${newIds[0]}`,
        type: 'service.created',
        organizationId: 'org-456',
        tenantId: 'blue',
        data: input,
      });
  });
});

describe('updating a service', () => {
  test('records one event for each kind of change', () => {
    given(created)
      .when(updateService, { id: id(1), name: 'Gateway', status: 'partial', uptime: 0 })
      .expect(
        { stream, type: 'service.described', data: { name: 'Gateway' } },
        { stream, type: 'service.status-reported', data: { status: 'partial' } },
        { stream, type: 'service.uptime-reported', data: { uptime: 0 } },
      );
  });

  test('records nothing if nothing changes', () => {
    given(created)
      .when(updateService, { id: id(1), name: 'API', description: 'Answers', status: 'operational', uptime: 99.9 })
      .expectNothing();
  });

  test('compares the status with the reported one, not with the one shown because of an incident', () => {
    given(created, degradedBy(7))
      .when(updateService, { id: id(1), status: 'operational' })
      .expectNothing();
    given(created, degradedBy(7))
      .when(updateService, { id: id(1), status: 'degraded' })
      .expect({ stream, type: 'service.status-reported', data: { status: 'degraded' } });
  });

  test('cannot move it to another organisation or tenant', () => {
    const asked = { id: id(1), organizationId: 'org-456', tenantId: 'blue', status: 'major' } as const;
    given(elsewhere)
      .when(updateService, asked)
      .expect({
        stream,
        organizationId: 'org-456',
        tenantId: 'blue',
        type: 'service.status-reported',
        data: { status: 'major' },
      });
    given(elsewhere)
      .when(updateService, { ...asked, organizationId: 'default' })
      .expectRejection('other-place', '/organizationId');
    given(elsewhere)
      .when(updateService, { ...asked, tenantId: 'green' })
      .expectRejection('other-place', '/tenantId');
    given(created).when(updateService, asked).expectRejection('other-place', '/organizationId');
  });

  test('needs a service that exists', () => {
    given()
      .when(updateService, { id: id(1), uptime: 1 })
      .expectRejection('not-found');
    given(created, { stream, type: 'service.deleted', data: {} })
      .when(updateService, { id: id(1), uptime: 1 })
      .expectRejection('not-found');
  });

  test('is refused as unknown for a viewer who cannot see the organisation', () => {
    const stranger: Viewer = { actor: { kind: 'anonymous' }, organizations: [], access: () => 'none' };
    given(elsewhere)
      .when(updateService, { id: id(1), uptime: 1 }, stranger)
      .expectRejection('not-found');
  });
});

describe('reporting a status from the past', () => {
  // After one event it is `recordedAt(2)`: the service was created a minute ago.
  const at = '2026-03-01T09:01:30.000Z';
  const reported = { stream, type: 'service.status-reported', occurredAt: at, data: { status: 'partial' } } as const;

  test('records the time of the status only', () => {
    given(created)
      .when(updateService, { id: id(1), name: 'Gateway', status: 'partial', at })
      .expect({ stream, type: 'service.described', data: { name: 'Gateway' } }, reported);
  });

  test.each([
    ['this very moment', recordedAt(2)],
    ['the creation', recordedAt(1)],
  ])('can go back to %s', (_name, time) => {
    given(created)
      .when(updateService, { id: id(1), status: 'partial', at: time })
      .expect({ ...reported, occurredAt: time });
  });

  test('is refused if the time is in the future', () => {
    given(created)
      .when(updateService, { id: id(1), status: 'partial', at: '2026-03-01T09:02:00.001Z' })
      .expectRejection('future-time', '/at');
  });

  test('is refused before the latest report or the creation, because it would not be the current status', () => {
    given(created)
      .when(updateService, { id: id(1), status: 'partial', at: '2026-03-01T09:00:59.999Z' })
      .expectRejection('out-of-order', '/at');
    given(created, reported)
      .when(updateService, { id: id(1), status: 'major', at: '2026-03-01T09:01:29.999Z' })
      .expectRejection('out-of-order', '/at');
    given(created, reported)
      .when(updateService, { id: id(1), status: 'partial', at: recordedAt(1) })
      .expectRejection('out-of-order', '/at');
  });

  test('records nothing if the service already had the status then', () => {
    given(created, reported)
      .when(updateService, { id: id(1), status: 'partial', at: recordedAt(2) })
      .expectNothing();
  });

  test('needs the status', () => {
    const { success, error } = updateServiceInput.safeParse({ name: 'Gateway', at });
    expect([success, error?.issues[0]?.path]).toEqual([false, ['at']]);
  });
});

describe('correcting the history of a service', () => {
  const correction = {
    from: recordedAt(1),
    to: '2026-03-01T09:01:30.000Z',
    status: 'major',
    reason: 'Nobody noticed',
  } as const;

  test('records the corrected status, with an id', () => {
    given(created)
      .when(correctHistory, { id: id(1), ...correction })
      .expect({ stream, type: 'service.history-corrected', data: { correctionId: newIds[0], ...correction } });
    given(elsewhere)
      .when(correctHistory, { id: id(1), ...correction })
      .expect({
        stream,
        organizationId: 'org-456',
        tenantId: 'blue',
        type: 'service.history-corrected',
        data: { correctionId: newIds[0], ...correction },
      });
  });

  test('can set the past to the current status', () => {
    given(created)
      .when(correctHistory, { id: id(1), ...correction, to: recordedAt(2), status: 'operational' })
      .expect({
        stream,
        type: 'service.history-corrected',
        data: { correctionId: newIds[0], ...correction, to: recordedAt(2), status: 'operational' },
      });
  });

  test.each([
    ['ends in the future', { to: '2026-03-01T09:02:00.001Z' }, 'future-time', '/to'],
    [
      'starts in the future',
      { from: '2026-03-01T09:02:00.001Z', to: '2026-03-02T00:00:00.000Z' },
      'future-time',
      '/from',
    ],
    ['starts before the creation', { from: '2026-03-01T09:00:59.999Z' }, 'out-of-order', '/from'],
  ] as const)('is refused where it %s', (_name, times, code, pointer) => {
    given(created)
      .when(correctHistory, { id: id(1), ...correction, ...times })
      .expectRejection(code, pointer);
  });

  test('needs an interval that is not empty, and a reason', () => {
    for (const wrong of [{ to: correction.from }, { from: correction.to, to: correction.from }, { reason: ' ' }]) {
      expect(correctHistoryInput.safeParse({ ...correction, ...wrong }).success).toBe(false);
    }
  });

  test('needs a service that exists', () => {
    given()
      .when(correctHistory, { id: id(1), ...correction })
      .expectRejection('not-found');
  });
});

describe('deleting a service', () => {
  test('records that it is gone', () => {
    given(created)
      .when(deleteService, { id: id(1) })
      .expect({ stream, type: 'service.deleted', data: {} });
  });

  test('needs a service that exists', () => {
    given()
      .when(deleteService, { id: id(1) })
      .expectRejection('not-found');
  });
});
