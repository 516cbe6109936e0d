// The sample data of a first start: six services and one incident, with fixed ids, in one commit.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { ServiceStatus } from '../../projections/events/severity.ts';
import type { Commit, NewEvent, Write } from '../log/commit.ts';

const FILE_STORAGE = 'a1b2c3d4-0000-4000-8000-000000000004';
const INCIDENT = 'a1b2c3d4-0000-4000-8000-000000000101';

const place = { organizationId: DEFAULT_ORGANIZATION };

interface SampleService {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status?: ServiceStatus;
  readonly uptime: number;
}

const SERVICES: readonly SampleService[] = [
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000001',
    name: 'API Gateway',
    description: 'Entry point of every API request',
    uptime: 99.98,
  },
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000002',
    name: 'Database Cluster',
    description: 'Primary database and its replicas',
    uptime: 99.95,
  },
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000003',
    name: 'Authentication Service',
    description: 'Sign-in, sessions and tokens',
    uptime: 99.99,
  },
  {
    id: FILE_STORAGE,
    name: 'File Storage',
    description: 'Upload, download and keeping of files',
    status: 'degraded',
    uptime: 98.5,
  },
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000005',
    name: 'Email Service',
    description: 'Delivery of transactional mail',
    uptime: 99.92,
  },
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000006',
    name: 'CDN',
    description: 'Delivery of static content close to its readers',
    uptime: 99.97,
  },
];

/** The commit. Its incident opens two hours before `now`. It succeeds only if none of its streams exists yet. */
export function sampleData(now: Date): Omit<Commit, 'correlationId'> {
  return { writes: [...SERVICES.map(serviceWrite), incidentWrite(now)], actor: { kind: 'system' } };
}

function serviceWrite({ id, status = 'operational', ...data }: SampleService): Write {
  return write(`service-${id}`, [{ type: 'service.created', ...place, data: { ...data, status } }]);
}

function incidentWrite(now: Date): Write {
  const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  return write(`incident-${INCIDENT}`, [
    {
      type: 'incident.opened',
      ...place,
      occurredAt: minutesAgo(120),
      data: {
        title: 'File Storage Performance Issues',
        description: 'Uploads and downloads of large files are slower than usual.',
        status: 'investigating',
        impact: 'minor',
        affectedServices: ['File Storage'],
        affectedServiceIds: [FILE_STORAGE],
        impacts: {},
      },
    },
    {
      type: 'incident.update-posted',
      ...place,
      occurredAt: minutesAgo(110),
      data: {
        updateId: 'a1b2c3d4-0000-4000-8000-000000000201',
        status: 'investigating',
        message: 'We are looking into slow transfers of large files.',
      },
    },
    {
      type: 'incident.update-posted',
      ...place,
      occurredAt: minutesAgo(45),
      data: {
        updateId: 'a1b2c3d4-0000-4000-8000-000000000202',
        status: 'identified',
        message: 'An overloaded storage node is the cause; its load is being moved to others.',
      },
    },
  ]);
}

function write(stream: string, events: readonly NewEvent[]): Write {
  return { stream, expected: 'no-stream', events };
}
