// The overall status: the worst of the shown statuses of services and the impacts of unresolved incidents.

import { describe, expect, test } from '@jest/globals';
import type { IncidentImpact, ServiceStatus } from '../../projections/events/severity.ts';
import { foldModels } from '../../projections/models.ts';
import { selectStatus } from '../../projections/status.ts';
import { anyone, type Happened, id, recorded, recordedAt } from '../support/scenario.ts';

let number = 0;
const service = (status: ServiceStatus, uptime = 100): Happened => ({
  stream: `service-${id(++number)}`,
  type: 'service.created',
  data: { name: 'A service', description: 'Of many', status, uptime },
});
const incident = (impact: IncidentImpact, status: 'investigating' | 'resolved' = 'investigating'): Happened => ({
  stream: `incident-${id(++number)}`,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'Slower than usual',
    status,
    impact,
    affectedServices: [],
    affectedServiceIds: [],
    impacts: {},
  },
});

function statusAfter(happened: readonly Happened[], filter = {}) {
  return selectStatus(foldModels(recorded(happened)), anyone, filter);
}

test('without services and incidents, everything is well', () => {
  expect(statusAfter([])).toEqual({
    overallStatus: 'operational',
    totalServices: 0,
    operationalServices: 0,
    degradedServices: 0,
    downServices: 0,
    maintenanceServices: 0,
    activeIncidents: 0,
    activeMaintenances: 0,
    upcomingMaintenances: 0,
    averageUptime: 100,
    lastUpdated: null,
  });
});

describe('the overall status', () => {
  test.each([
    ['maintenance', [service('operational'), service('maintenance')]],
    ['degraded', [service('maintenance'), service('degraded')]],
    ['partial', [service('degraded'), service('partial'), service('maintenance')]],
    ['major', [service('major'), service('partial')]],
    ['degraded', [service('operational'), incident('minor')]],
    ['partial', [service('operational'), incident('major'), incident('minor')]],
    ['major', [service('maintenance'), incident('critical')]],
    ['operational', [service('operational'), incident('critical', 'resolved')]],
  ] as const)('is %s for %#', (overallStatus, happened) => {
    expect(statusAfter(happened)).toMatchObject({ overallStatus });
  });
});

test('services are counted by their shown status, incidents while they are unresolved', () => {
  const happened = [
    service('operational', 99.99),
    service('degraded', 98.5),
    service('partial', 99.33),
    service('major', 0),
    service('maintenance', 100),
    incident('minor'),
    incident('minor', 'resolved'),
  ];
  expect(statusAfter(happened)).toEqual({
    overallStatus: 'major',
    totalServices: 5,
    operationalServices: 1,
    degradedServices: 1,
    downServices: 2,
    maintenanceServices: 1,
    activeIncidents: 1,
    activeMaintenances: 0,
    upcomingMaintenances: 0,
    averageUptime: 79.56,
    lastUpdated: recordedAt(7),
  });
});

test('the filter is echoed, and the time is that of the last event within it', () => {
  const elsewhere = { ...service('major'), organizationId: 'org-456' };
  expect(statusAfter([elsewhere, service('operational')], { organizationId: 'org-456' })).toMatchObject({
    organizationId: 'org-456',
    overallStatus: 'major',
    totalServices: 1,
    lastUpdated: recordedAt(1),
  });
});

test('a deletion is an update too', () => {
  const created = service('major');
  const { stream } = created;
  expect(statusAfter([created, { stream, type: 'service.deleted', data: {} }])).toMatchObject({
    overallStatus: 'operational',
    totalServices: 0,
    averageUptime: 100,
    lastUpdated: recordedAt(2),
  });
});
