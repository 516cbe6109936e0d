// Examples of what is sent and answered, for the API's documentation. Tests hold them against the schemas.
import type { IncidentUpdate, ShownIncident } from '../../projections/incidents.ts';
import type { ShownService } from '../../projections/services.ts';
import type { OverallStatus } from '../../projections/status.ts';

const SERVICE_ID = '0193b5a0-5f1e-7c3a-9d2b-3f6a1c8e4b70';

export const exampleServiceInput = {
  name: 'Payment Service',
  description: 'Payment processing and billing',
  status: 'operational',
};

export const exampleService: ShownService = {
  id: SERVICE_ID,
  name: 'Payment Service',
  description: 'Payment processing and billing',
  status: 'operational',
  reportedStatus: 'operational',
  uptime: 100,
  createdAt: '2026-03-01T09:30:00.000Z',
  lastUpdated: '2026-03-01T09:30:00.000Z',
  version: 1,
};

export const exampleIncidentInput = {
  title: 'Database Connection Issues',
  description: 'Users experiencing login problems',
  impact: 'major',
  affectedServices: ['Payment Service'],
  impacts: { [SERVICE_ID]: 'partial' },
};

export const exampleUpdateInput = {
  status: 'identified',
  message: 'We have identified the root cause and are implementing a fix.',
};

export const exampleUpdate: IncidentUpdate = {
  id: '0193b5a4-2c40-7e11-8a5d-77c0f1e2d3b4',
  status: 'identified',
  message: exampleUpdateInput.message,
  createdAt: '2026-03-01T10:05:00.000Z',
};

export const exampleIncident: ShownIncident = {
  id: '0193b5a2-91d7-7b60-b1c4-52a9e0d7c6f1',
  title: 'Database Connection Issues',
  description: 'Users experiencing login problems',
  status: 'identified',
  impact: 'major',
  affectedServices: ['Payment Service'],
  affectedServiceIds: [SERVICE_ID],
  impacts: { [SERVICE_ID]: 'partial' },
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:05:00.000Z',
  resolvedAt: null,
  updates: [exampleUpdate],
  version: 2,
};

export const exampleStatus: OverallStatus = {
  overallStatus: 'partial',
  totalServices: 1,
  operationalServices: 0,
  degradedServices: 0,
  downServices: 1,
  maintenanceServices: 0,
  activeIncidents: 1,
  averageUptime: 100,
  lastUpdated: '2026-03-01T10:05:00.000Z',
};
