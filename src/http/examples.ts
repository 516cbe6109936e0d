// Examples of what is sent and answered, for the API's documentation. Tests hold them against the schemas.
import type { HistoryEntry } from '../../projections/history.ts';
import type { IncidentUpdate, ShownIncident } from '../../projections/incidents.ts';
import type { Membership, ShownOrganization, ShownTeam } from '../../projections/organization.ts';
import type { ShownService } from '../../projections/services.ts';
import type { OverallStatus } from '../../projections/status.ts';
import type { Correction } from '../../projections/status-history.ts';
import type { ShownEvent } from '../../projections/viewer/shown-event.ts';

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
  reportedSince: '2026-03-01T09:30:00.000Z',
  reportedAt: '2026-03-01T09:30:00.000Z',
  uptime: 100,
  createdAt: '2026-03-01T09:30:00.000Z',
  lastUpdated: '2026-03-01T09:30:00.000Z',
  version: 1,
};

export const exampleCorrectionInput = {
  from: '2026-03-01T09:40:00Z',
  to: '2026-03-01T09:55:00Z',
  status: 'partial',
  reason: 'Payments by card failed; our probes did not notice.',
};

export const exampleCorrection: Correction = {
  id: '0193b5c1-7a10-7c9e-8f42-1d3e5a7b9c0f',
  from: '2026-03-01T09:40:00.000Z',
  to: '2026-03-01T09:55:00.000Z',
  status: 'partial',
  reason: exampleCorrectionInput.reason,
  recordedAt: '2026-03-02T08:00:00.000Z',
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
  recordedAt: '2026-03-01T10:05:00.000Z',
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
  recordedAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:05:00.000Z',
  resolvedAt: null,
  updates: [exampleUpdate],
  version: 2,
};

export const exampleRedaction: ShownEvent = {
  id: '0193b5a6-3b1c-7d2e-9c4f-5a6b7c8d9e0f',
  type: 'event.redacted',
  schema: 1,
  stream: `incident-${exampleIncident.id}`,
  version: 4,
  position: 98,
  recordedAt: '2026-03-01T10:20:00.000Z',
  organizationId: 'default',
  data: {
    eventId: '0193b5a4-2c40-7e11-8a5d-77c0f1e2d3b5',
    remainder: '5f1d4ac2b7a2f0f5d1bb3b6f0d5f4d6a0f8f4a9e8c7b6a5d4c3b2a190817263f',
    shown: [],
    updateId: exampleUpdate.id,
    reason: 'It held a password, which is changed by now.',
  },
  hash: 'c1a5298f939e87e8f962a5edfc206918a6e0c8d8a7d9b1d3d5b0f6f2a4c8e0d1',
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

const exampleHistoryEntry: HistoryEntry = {
  position: 97,
  version: 3,
  type: 'incident.assessed',
  happenedAt: '2026-03-01T10:10:00.000Z',
  recordedAt: '2026-03-01T10:10:00.000Z',
  actor: { kind: 'anonymous' },
  changes: [{ field: 'impact', from: 'minor', to: 'major' }],
};

export const exampleHistory = { entries: [exampleHistoryEntry], next: null };

export const exampleExplanation = {
  rule: 'A service is shown as the worst of what its team reports and of what unresolved incidents say of it, from harmless to worst: operational, maintenance, degraded, partial, major.',
  result: 'partial',
  inputs: [
    {
      kind: 'report',
      id: SERVICE_ID,
      name: 'Payment Service',
      status: 'operational',
      decides: false,
      event: {
        position: 1,
        type: 'service.created',
        happenedAt: '2026-03-01T09:30:00.000Z',
        recordedAt: '2026-03-01T09:30:00.000Z',
      },
    },
    {
      kind: 'incident',
      id: exampleIncident.id,
      name: exampleIncident.title,
      status: 'partial',
      decides: true,
      event: {
        position: 2,
        type: 'incident.opened',
        happenedAt: '2026-03-01T10:00:00.000Z',
        recordedAt: '2026-03-01T10:00:00.000Z',
      },
    },
  ],
  total: 2,
  considered: { services: 1, incidents: 1 },
};

export const exampleOrganization: ShownOrganization & { role: 'owner' } = {
  id: '0193b5a0-0a1b-7c2d-8e3f-405162738495',
  name: 'Acme',
  slug: 'acme',
  visibility: 'private',
  createdAt: '2026-03-01T09:00:00.000Z',
  version: 2,
  role: 'owner',
};

const USER_ID = '0193b59f-4c5d-7e6f-9a0b-1c2d3e4f5061';

export const exampleTeam: ShownTeam = {
  id: '0193b5a0-7b8c-7d9e-8f01-2233445566aa',
  name: 'On call',
  role: 'member',
  members: [USER_ID],
};

export const exampleMembership: Membership = {
  userId: USER_ID,
  role: 'admin',
  grants: [{ role: 'admin' }, { role: 'member', team: { id: exampleTeam.id, name: exampleTeam.name } }],
};
