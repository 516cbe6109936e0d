// The services of the sample data, in two groups. They count for uptime from 90 days before the start.
import type { Write } from '../../log/commit.ts';
import {
  API_GATEWAY,
  AUTHENTICATION,
  CDN,
  CORRECTION,
  DATABASE,
  DELIVERY,
  EMAIL,
  FILE_STORAGE,
  PLATFORM,
} from './ids.ts';
import { DAY, HOUR, type MinutesAgo, place, write } from './writing.ts';

/** When the services began. A fixed time, so that examples can name times after it. */
const BEGIN = '2026-01-05T08:00:00.000Z';

const GROUPS = [
  { id: PLATFORM, name: 'Platform', description: 'What every request needs', rank: 'a0' },
  { id: DELIVERY, name: 'Delivery', description: 'Files, mail and static content', rank: 'a1' },
] as const;

interface SampleService {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly uptime: number;
  readonly groupId: string;
  /** Its place in its group. */
  readonly rank: string;
}

const SERVICES: readonly SampleService[] = [
  {
    id: API_GATEWAY,
    name: 'API Gateway',
    description: 'Entry point of every API request',
    uptime: 99.98,
    groupId: PLATFORM,
    rank: 'a0',
  },
  {
    id: DATABASE,
    name: 'Database Cluster',
    description: 'Primary database and its replicas',
    uptime: 99.95,
    groupId: PLATFORM,
    rank: 'a1',
  },
  {
    id: AUTHENTICATION,
    name: 'Authentication Service',
    description: 'Sign-in, sessions and tokens',
    uptime: 99.99,
    groupId: PLATFORM,
    rank: 'a2',
  },
  {
    id: FILE_STORAGE,
    name: 'File Storage',
    description: 'Upload, download and keeping of files',
    uptime: 98.5,
    groupId: DELIVERY,
    rank: 'a0',
  },
  {
    id: EMAIL,
    name: 'Email Service',
    description: 'Delivery of transactional mail',
    uptime: 99.92,
    groupId: DELIVERY,
    rank: 'a1',
  },
  {
    id: CDN,
    name: 'CDN',
    description: 'Delivery of static content close to its readers',
    uptime: 99.97,
    groupId: DELIVERY,
    rank: 'a2',
  },
];

export function serviceWrites(minutesAgo: MinutesAgo): Write[] {
  return SERVICES.map((service) => serviceWrite(service, minutesAgo));
}

export function groupWrites(): Write[] {
  return GROUPS.map(({ id, name, description, rank }) =>
    write(`group-${id}`, [
      { type: 'group.created', ...place, data: { name, description, display: 'expanded' } },
      { type: 'group.placed', ...place, data: { rank } },
    ]),
  );
}

function serviceWrite({ id, groupId, rank, ...data }: SampleService, minutesAgo: MinutesAgo): Write {
  const begin = [BEGIN, minutesAgo(3 * HOUR)].sort()[0] as string;
  const created = { status: 'operational', ...data, startDate: minutesAgo(90 * DAY) } as const;
  const reported = { ...place, occurredAt: minutesAgo(115), data: { status: 'degraded' } } as const;
  return write(`service-${id}`, [
    { type: 'service.created', ...place, occurredAt: begin, data: created },
    ...(id === FILE_STORAGE
      ? ([
          { type: 'service.status-reported', ...reported },
          { type: 'service.history-corrected', ...place, data: correction(minutesAgo) },
        ] as const)
      : []),
    { type: 'service.placed', ...place, data: { groupId, rank } },
  ]);
}

function correction(minutesAgo: MinutesAgo) {
  const times = { from: minutesAgo(118), to: minutesAgo(115) };
  const reason = 'Uploads failed before anybody reported it.';
  return { correctionId: CORRECTION, ...times, status: 'partial', reason } as const;
}
