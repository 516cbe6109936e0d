// The health checks, for monitoring and load balancers.
import * as z from 'zod';
import type { LoopDelay } from '../../bounds/loop-delay.ts';
import type { Reply, Route } from '../../http/route.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { ReadModels } from '../../read-models/read-models.ts';

const healthSchema = z
  .object({
    status: z
      .enum(['ok', 'degraded', 'failing'])
      .describe('failing: the server cannot record changes, but still answers reads'),
    timestamp: z.iso.datetime(),
    uptime: z.number().describe('Seconds since the server started'),
    problems: z.array(z.string()).exactOptional().describe('What is wrong; absent if nothing is'),
    notices: z
      .array(z.string())
      .exactOptional()
      .describe('What the operator may want to look at; it changes neither `status` nor the status code'),
    node: z.string().exactOptional().describe('The name of the server, where several share a log'),
    position: z.int().exactOptional().describe('Position up to which it has read that log'),
    lastContact: z.iso.datetime().exactOptional().describe('When it last had all of that log'),
    lag: z.number().exactOptional().describe('Milliseconds since then: about one second at most while all is well'),
  })
  .meta({ id: 'Health' });

/** A part of the server that the health check asks. */
export interface Watched {
  /** What is wrong, as sentences: the server is degraded while there is something. */
  readonly problems?: readonly string[];
  /** What the operator may want to look at, as sentences. */
  readonly notices?: readonly string[];
}

interface Parts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly loopDelay: Pick<LoopDelay, 'median' | 'isTooLong'>;
  readonly watched: readonly Watched[];
  /** The name of this server among others. */
  readonly node: string;
  readonly now: () => Date;
}

export function healthRoutes({ log, models, loopDelay, watched, node, now }: Parts): Route[] {
  const started = now();

  /** What is wrong while changes can be recorded. */
  const degradations = (): readonly string[] => {
    const faults = models.faults.map(
      ({ projection, position }) => `The read model "${projection}" stopped at the event at position ${position}.`,
    );
    const delay = loopDelay.isTooLong ? [`The main loop is ${Math.round(loopDelay.median)} ms late.`] : [];
    return [...faults, ...delay, ...staleness(log), ...watched.flatMap((part) => part.problems ?? [])];
  };

  const health = (): Reply => {
    const degraded = degradations();
    const problems = log.failure === undefined ? degraded : [log.failure, ...degraded];
    const healthy = degraded.length > 0 ? 'degraded' : 'ok';
    const notices = watched.flatMap((part) => part.notices ?? []);
    const timestamp = now();
    return {
      status: log.failure === undefined ? 200 : 503,
      body: {
        status: log.failure === undefined ? healthy : 'failing',
        timestamp: timestamp.toISOString(),
        uptime: (timestamp.getTime() - started.getTime()) / 1000,
        ...(problems.length > 0 ? { problems } : {}),
        ...(notices.length > 0 ? { notices } : {}),
        ...(log.isShared ? { node, ...progressOf(log) } : {}),
      },
    };
  };

  const row = (path: string, operationId: string): Route => ({
    method: 'get',
    path,
    operationId,
    tag: 'health',
    summary: 'Get the health of the server; 503 if it cannot record changes',
    access: 'anyone',
    unlimited: true,
    success: {
      status: 200,
      description: 'The server can record changes',
      schema: healthSchema,
      example: { status: 'ok', timestamp: '2026-03-01T10:05:00.000Z', uptime: 86_400.25 },
    },
    alternatives: [
      {
        status: 503,
        description: 'The server cannot record changes',
        schema: healthSchema,
        example: {
          status: 'failing',
          timestamp: '2026-03-01T10:05:00.000Z',
          uptime: 86_400.25,
          problems: ['The disk does not accept writes.'],
        },
      },
    ],
    problems: [],
    handle: health,
  });

  return [row('/health', 'getHealth'), row('/api/health', 'getApiHealth')];
}

function staleness({ staleSince }: EventLog): readonly string[] {
  if (staleSince === undefined) return [];
  return [`The log was last read from PostgreSQL at ${staleSince.toISOString()}: answers may lack what came after.`];
}

/** How far this server has read a log that others write to. */
function progressOf({ position, asOf }: EventLog): object {
  if (asOf === undefined) return { position };
  // Of the same clock as that of the log, which is not that of the database.
  return { position, lastContact: asOf.toISOString(), lag: Math.max(0, Date.now() - asOf.getTime()) };
}
