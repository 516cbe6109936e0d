// Historical reads (`?at=`, `?position=`): the state is that of the past, the permissions are those of today.
import { z } from 'zod';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Models } from '../../projections/models.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { TimeTravel } from '../read-models/time-travel.ts';
import type { Problem, RequestError } from './problem.ts';
import { invalidRequest } from './validation.ts';

/** The query parameters of every route that supports historical reads. */
export const asOfFields = {
  at: z.iso
    .datetime({ offset: true })
    .exactOptional()
    .describe('Read the state as it was recorded at this time (RFC 3339)'),
  position: z.coerce
    .number()
    .int()
    .min(0)
    .exactOptional()
    .describe('Read the state as it was at this position of the log'),
};

export interface When {
  readonly at?: string | undefined;
  readonly position?: number | undefined;
}

/** Whether the query asks for a past state. */
export function isPast({ at, position }: When): boolean {
  return at !== undefined || position !== undefined;
}

/** Reads the past. Without `at` and `position` it reads the current state. */
export interface AsOf {
  /** The position of the log at that moment; a problem if the moment is in the future. */
  position(when: When): Promise<number | Problem>;
  /** The read models at that moment; also a problem if too many historical reads are running. */
  models(when: When): Promise<Models | Problem>;
  /**
   * The events of some streams up to that moment, in log order. `streamsOf` selects the streams from the current read
   * models, after the moment has been resolved.
   */
  events(streamsOf: (models: Models) => readonly string[], when: When): Promise<readonly RecordedEvent[] | Problem>;
}

interface Parts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly timeTravel: TimeTravel;
  readonly now: () => Date;
}

export function createAsOf({ log, models, timeTravel, now }: Parts): AsOf {
  const position: AsOf['position'] = async (when) => {
    const error = momentError(when, log.position, now());
    if (error) return invalidRequest([error]);
    if (when.at !== undefined) return timeTravel.positionAt(new Date(when.at).toISOString());
    return when.position ?? log.position;
  };
  return {
    position,
    async models(when) {
      if (!isPast(when)) return models.current;
      const then = await position(when);
      return typeof then === 'number' ? ((await timeTravel.modelsAt(then)) ?? TOO_MANY) : then;
    },
    async events(streamsOf, when) {
      const then = await position(when);
      return typeof then === 'number' ? timeTravel.streamsAt(streamsOf(models.current), then) : then;
    },
  };
}

function momentError({ at, position }: When, head: number, now: Date): RequestError | undefined {
  if (at !== undefined && position !== undefined) {
    return { in: 'query', pointer: '/position', detail: 'cannot be combined with at' };
  }
  if (at !== undefined && new Date(at) > now) return { in: 'query', pointer: '/at', detail: 'is in the future' };
  if (position !== undefined && position > head) {
    return { in: 'query', pointer: '/position', detail: `is past the end of the log, which is at ${head}` };
  }
  return undefined;
}

const TOO_MANY: Problem = {
  problem: 'overloaded',
  detail: 'Too many historical reads are running; try again in a moment.',
  headers: { 'Retry-After': '1' },
};
