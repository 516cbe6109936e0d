// Historical reads (`?at=`, `?position=`): the state is that of the past, the permissions are those of today.
import type { Models } from '../../projections/models.ts';
import type { Projection } from '../../projections/state/projection.ts';
import { numberParameter } from '../commands/numbers.ts';
import { queryTimeField } from '../commands/times.ts';
import type { EventLog } from '../log/event-log.ts';
import { type PastAnswer, type PastSubject, questionOf } from '../read-models/past-question.ts';
import type { Pasts } from '../read-models/pasts.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { End, TimeTravel } from '../read-models/time-travel.ts';
import { NOT_READ } from './freshness/freshness.ts';
import type { Problem, RequestError } from './problem.ts';
import type { RouteRequest } from './route.ts';
import { invalidRequest } from './validation.ts';

/** The query parameters of every route that supports historical reads. */
export const asOfFields = {
  at: queryTimeField
    .exactOptional()
    .describe('Read the state as it was recorded at this time (RFC 3339). From now on: the present state'),
  position: numberParameter({ min: 0 })
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

/** Reads the past. */
export interface AsOf {
  /** The position of the log at that moment; a problem if the position is past the end of the log. */
  position(when: When): Promise<number | Problem>;
  /** The same, and the time as of which the answer speaks: `at`, or when the event at that position was recorded. */
  moment(when: When): Promise<{ readonly position: number; readonly time: string } | Problem>;
  /**
   * What the viewer may see today of the read models at that moment. `present` if that is the current state, which the
   * caller then reads itself, in a turn. A problem also if too many historical reads are waiting.
   */
  ask(subject: PastSubject, when: When, asker: Asking): Promise<PastAnswer | 'present' | Problem>;
  /**
   * The state of a projection at that moment, folded from some streams. `streamsOf` selects them from the current read
   * models, after the moment has been resolved.
   */
  fold<S>(
    projection: Projection<S>,
    streamsOf: (models: Models) => readonly string[],
    moment: PricedMoment,
  ): Promise<{ readonly state: S } | Problem>;
  /** How the entity whose stream this is came to its end, without an access check; `undefined` if it has none. */
  endOf(stream: string, asker: Pick<Asking, 'payer' | 'signal'>): Promise<End | undefined>;
}

/** The parts of a request that say who asks. */
export type Asking = Pick<RouteRequest, 'viewer' | 'payer' | 'turn' | 'signal'>;

/** A moment, and who pays for the request that asks for it. */
type PricedMoment = When & Pick<RouteRequest, 'payer' | 'turn' | 'signal'>;

interface Parts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly timeTravel: TimeTravel;
  readonly pasts: Pasts;
  readonly now: () => Date;
}

export function createAsOf({ log, models, timeTravel, pasts, now }: Parts): AsOf {
  const position: AsOf['position'] = async (when) => {
    const error = momentError(when, log.position);
    if (error) return invalidRequest([error]);
    // The present from now on, also while the log is ahead of the clock.
    if (when.at === undefined || when.at >= now().toISOString()) return when.position ?? log.position;
    if (!isReadUpTo(when.at, log) && !(await log.freshen())) return NOT_READ;
    return timeTravel.positionAt(when.at);
  };
  return {
    position,
    async moment(when) {
      const then = await position(when);
      if (typeof then !== 'number') return then;
      const present = now().toISOString();
      if (when.at !== undefined) return { position: then, time: when.at < present ? when.at : present };
      return { position: then, time: await timeTravel.timeOf(then) };
    },
    async ask(subject, when, { viewer, payer, signal }) {
      const then = await position(when);
      if (typeof then !== 'number') return then;
      if (then >= log.position) return 'present';
      return (await pasts.ask(questionOf(subject, then, viewer), { payer, signal })) ?? TOO_MANY;
    },
    async fold(projection, streamsOf, { payer, turn, signal, ...when }) {
      const then = await position(when);
      if (typeof then !== 'number') return then;
      const streams = streamsOf(models.current);
      return { state: await timeTravel.fold(projection, { streams, position: then, payer, turn, signal }) };
    },
    endOf: (stream, asker) => timeTravel.endOf(stream, asker),
  };
}

/** By how much the clock of a server and that of its database may differ, in milliseconds. */
const CLOCKS_DIFFER = 5_000;

/** Whether this server has read what others had recorded by then, whatever clock that was told by. */
function isReadUpTo(at: string, { isShared, asOf }: EventLog): boolean {
  return !isShared || (asOf !== undefined && asOf.getTime() - CLOCKS_DIFFER > Date.parse(at));
}

function momentError({ at, position }: When, head: number): RequestError | undefined {
  if (at !== undefined && position !== undefined) {
    return { in: 'query', pointer: '/position', detail: 'cannot be combined with at' };
  }
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
