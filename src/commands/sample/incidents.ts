// The incidents of the sample data: one that goes on, and those of the weeks before.
import type { ClaimedStatus, IncidentImpact, IncidentStatus } from '../../../projections/events/severity.ts';
import type { NewEvent, Write } from '../../log/commit.ts';
import { API_GATEWAY, CDN, EMAIL, FILE_STORAGE, INCIDENT, SECOND_UPDATE, UPDATE } from './ids.ts';
import { DAY, HOUR, type MinutesAgo, place, write } from './writing.ts';

/** An incident that is over. */
interface PastIncident {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly impact: IncidentImpact;
  readonly affectedServices: readonly string[];
  readonly impacts: Readonly<Record<string, ClaimedStatus>>;
  /** In minutes before the start. */
  readonly began: number;
  /** Each with the minutes that it came after the incident began. */
  readonly updates: readonly (readonly [minutes: number, id: string, status: IncidentStatus, message: string])[];
  readonly postmortem?: string;
}

const PAST: readonly PastIncident[] = [
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000104',
    title: 'Slow delivery of static files in Europe',
    description: 'Pages load, but images and scripts arrive late.',
    impact: 'minor',
    affectedServices: ['CDN'],
    impacts: { [CDN]: 'degraded' },
    began: 38 * DAY + 5 * HOUR,
    updates: [
      [9, 'a1b2c3d4-0000-4000-8000-000000000207', 'identified', 'A cache in Frankfurt answers slowly.'],
      [71, 'a1b2c3d4-0000-4000-8000-000000000208', 'resolved', 'The cache has been replaced; files arrive as usual.'],
    ],
  },
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000103',
    title: 'Errors in a part of API requests',
    description: 'About one request in eight ends with an error.',
    impact: 'major',
    affectedServices: ['API Gateway'],
    impacts: { [API_GATEWAY]: 'partial' },
    began: 11 * DAY + 3 * HOUR,
    updates: [
      [4, 'a1b2c3d4-0000-4000-8000-000000000204', 'investigating', 'We see errors in the EU and look for the cause.'],
      [
        18,
        'a1b2c3d4-0000-4000-8000-000000000205',
        'identified',
        'One gateway has run out of connections. It is being taken out.',
      ],
      [47, 'a1b2c3d4-0000-4000-8000-000000000206', 'resolved', 'The gateway is out, and no request has failed since.'],
    ],
    postmortem:
      'A deployment halved the number of connections that a gateway may open. **At the next peak one gateway ran out.** ' +
      'Gateways now refuse to start with fewer connections than the peak of the last month needs.',
  },
  {
    id: 'a1b2c3d4-0000-4000-8000-000000000102',
    title: 'Delayed mail',
    description: 'Mail is accepted and arrives up to half an hour later.',
    impact: 'minor',
    affectedServices: ['Email Service'],
    impacts: { [EMAIL]: 'degraded' },
    began: 4 * DAY + 7 * HOUR,
    updates: [
      [12, 'a1b2c3d4-0000-4000-8000-000000000209', 'identified', 'A provider limits how fast it takes our mail.'],
      [112, 'a1b2c3d4-0000-4000-8000-000000000210', 'resolved', 'All mail that waited has been delivered.'],
    ],
  },
];

export function incidentWrites(minutesAgo: MinutesAgo): Write[] {
  return [currentWrite(minutesAgo), ...PAST.map((incident) => pastWrite(incident, minutesAgo))];
}

function currentWrite(minutesAgo: MinutesAgo): Write {
  const posted = (minutes: number, updateId: string, status: IncidentStatus, message: string): NewEvent => ({
    type: 'incident.update-posted',
    ...place,
    occurredAt: minutesAgo(minutes),
    data: { updateId, status, message },
  });
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
    posted(110, UPDATE, 'investigating', 'We are looking into slow transfers of large files.'),
    posted(
      45,
      SECOND_UPDATE,
      'identified',
      'An overloaded storage node is the cause; its load is being moved to others.',
    ),
  ]);
}

function pastWrite({ id, began, updates, postmortem, ...said }: PastIncident, minutesAgo: MinutesAgo): Write {
  const opened = { status: 'investigating', ...said, affectedServiceIds: Object.keys(said.impacts) } as const;
  const posted = updates.map(([minutes, updateId, status, message]): NewEvent => {
    return {
      type: 'incident.update-posted',
      ...place,
      occurredAt: minutesAgo(began - minutes),
      data: { updateId, status, message },
    };
  });
  return write(`incident-${id}`, [
    { type: 'incident.opened', ...place, occurredAt: minutesAgo(began), data: opened },
    ...posted,
    ...(postmortem ? [{ type: 'incident.postmortem-published', ...place, data: { text: postmortem } } as const] : []),
  ]);
}
