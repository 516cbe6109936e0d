// Services: given what happened, when something is asked, then exactly this follows.
import { describe, test } from '@jest/globals';
import type { Viewer } from '../../projections/viewer.ts';
import { createService, deleteService, updateService } from '../../src/commands/services.ts';
import { given, type Happened, id, newIds } from '../support/scenario.ts';

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

  test('records it on a stream of its own', () => {
    given()
      .when(createService, input)
      .expect({ stream: `service-${newIds[0]}`, type: 'service.created', data: input });
  });

  test('puts it where it is said to belong', () => {
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

  test('records nothing where it is so already', () => {
    given(created)
      .when(updateService, { id: id(1), name: 'API', description: 'Answers', status: 'operational', uptime: 99.9 })
      .expectNothing();
  });

  test('compares the status with what was reported, not with what an incident makes of it', () => {
    given(created, degradedBy(7))
      .when(updateService, { id: id(1), status: 'operational' })
      .expectNothing();
    given(created, degradedBy(7))
      .when(updateService, { id: id(1), status: 'degraded' })
      .expect({ stream, type: 'service.status-reported', data: { status: 'degraded' } });
  });

  test('keeps it in its organisation and tenant', () => {
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

  test('is refused as unknown to who may not see the organisation', () => {
    const stranger: Viewer = { actor: { kind: 'anonymous' }, organizations: [], access: () => 'none' };
    given(elsewhere)
      .when(updateService, { id: id(1), uptime: 1 }, stranger)
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
