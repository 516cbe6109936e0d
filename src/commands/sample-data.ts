// The sample data of a first start: six services and one incident, with fixed ids, in one commit. The examples of the API
// documentation name them.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Commit, NewEvent, Write } from '../log/commit.ts';

const DATABASE = 'a1b2c3d4-0000-4000-8000-000000000002';
const AUTHENTICATION = 'a1b2c3d4-0000-4000-8000-000000000003';
const FILE_STORAGE = 'a1b2c3d4-0000-4000-8000-000000000004';
const INCIDENT = 'a1b2c3d4-0000-4000-8000-000000000101';
const UPDATE = 'a1b2c3d4-0000-4000-8000-000000000201';
const MAINTENANCE = 'a1b2c3d4-0000-4000-8000-000000000301';
const PAST_MAINTENANCE = 'a1b2c3d4-0000-4000-8000-000000000302';

/** What the examples of the API documentation name. */
export const SAMPLE = {
  /** An entity of each kind. */
  ids: { service: FILE_STORAGE, incident: INCIDENT, maintenance: MAINTENANCE, postmortem: INCIDENT },
  /** An update of the maintenance. */
  maintenanceUpdate: 'a1b2c3d4-0000-4000-8000-000000000401',
  otherService: DATABASE,
  /** An update of the incident. */
  update: UPDATE,
  organization: DEFAULT_ORGANIZATION,
  /** The position of an update of the incident. */
  updatePosition: 9,
} as const;

/** When the services began. A fixed time, so that examples can name times after it. */
const BEGIN = '2026-01-05T08:00:00.000Z';

const place = { organizationId: DEFAULT_ORGANIZATION };

interface SampleService {
  readonly id: string;
  readonly name: string;
  readonly description: string;
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
    id: DATABASE,
    name: 'Database Cluster',
    description: 'Primary database and its replicas',
    uptime: 99.95,
  },
  {
    id: AUTHENTICATION,
    name: 'Authentication Service',
    description: 'Sign-in, sessions and tokens',
    uptime: 99.99,
  },
  {
    id: FILE_STORAGE,
    name: 'File Storage',
    description: 'Upload, download and keeping of files',
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

/**
 * The commit. Its incident opens two hours before `now`; one maintenance was nine days ago, the other one is in five days. It succeeds only if none of its streams exists yet. */
export function sampleData(now: Date): Omit<Commit, 'correlationId'> {
  const minutesAgo: MinutesAgo = (minutes) => new Date(now.getTime() - minutes * 60_000).toISOString();
  const services = SERVICES.map((service) => serviceWrite(service, minutesAgo));
  return { writes: [...services, incidentWrite(minutesAgo), ...maintenanceWrites(now)], actor: { kind: 'system' } };
}

type MinutesAgo = (minutes: number) => string;

function serviceWrite({ id, ...data }: SampleService, minutesAgo: MinutesAgo): Write {
  const begin = [BEGIN, minutesAgo(180)].sort()[0] as string;
  const created = { ...place, occurredAt: begin, data: { ...data, status: 'operational' } } as const;
  const reported = { ...place, occurredAt: minutesAgo(115), data: { status: 'degraded' } } as const;
  return write(`service-${id}`, [
    { type: 'service.created', ...created },
    ...(id === FILE_STORAGE ? [{ type: 'service.status-reported', ...reported } as const] : []),
  ]);
}

function incidentWrite(minutesAgo: MinutesAgo): Write {
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
        updateId: UPDATE,
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

const HOUR = 60 * 60 * 1_000;

/** One that was kept as planned, and one to come, which begins and ends by itself on the hour. */
function maintenanceWrites(now: Date): Write[] {
  const hour = Math.floor(now.getTime() / HOUR);
  const inHours = (hours: number) => new Date((hour + hours) * HOUR).toISOString();
  const automatic = { autoStart: true, autoEnd: true };
  const past = { startsAt: inHours(-9 * 24), endsAt: inHours(-9 * 24 + 1) };
  const coming = { startsAt: inHours(5 * 24), endsAt: inHours(5 * 24 + 2) };
  return [
    write(`maintenance-${PAST_MAINTENANCE}`, [
      {
        type: 'maintenance.planned',
        ...place,
        occurredAt: inHours(-12 * 24),
        data: {
          title: 'Certificates of Authentication Service renewed',
          description: 'Sessions stay open; signing in takes a moment longer.',
          ...past,
          affectedServiceIds: [AUTHENTICATION],
          ...automatic,
        },
      },
      { type: 'maintenance.started', ...place, occurredAt: past.startsAt, data: {} },
      { type: 'maintenance.completed', ...place, occurredAt: past.endsAt, data: {} },
    ]),
    write(`maintenance-${MAINTENANCE}`, [
      {
        type: 'maintenance.planned',
        ...place,
        data: {
          title: 'Database Cluster upgrade',
          description: 'Writes pause for a few seconds whenever a replica takes over.',
          ...coming,
          affectedServiceIds: [DATABASE],
          ...automatic,
        },
      },
      {
        type: 'maintenance.update-posted',
        ...place,
        data: {
          updateId: SAMPLE.maintenanceUpdate,
          status: 'scheduled',
          message: 'A rehearsal on a copy of the data went well.',
        },
      },
    ]),
  ];
}

function write(stream: string, events: readonly NewEvent[]): Write {
  return { stream, expected: 'no-stream', events };
}
