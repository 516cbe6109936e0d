// The states of a maintenance: which follows which, and what is due at a moment.
import type { MaintenanceStatus } from '../../../projections/events/severity.ts';
import { isActive, type Maintenance } from '../../../projections/maintenance.ts';
import { type Change, type Rejection, reject } from '../command.ts';

/** What the clock goes by. */
export type Timed = Pick<Maintenance, 'status' | 'startsAt' | 'endsAt' | 'autoStart' | 'autoEnd' | 'startedAt'>;

type Moving = Extract<
  Change['type'],
  'maintenance.started' | 'maintenance.verification-begun' | 'maintenance.completed' | 'maintenance.cancelled'
>;

/** The event that leads to a state. Nothing leads back to `scheduled`. */
const EVENT_OF: Readonly<Record<Exclude<MaintenanceStatus, 'scheduled'>, Moving>> = {
  'in-progress': 'maintenance.started',
  verifying: 'maintenance.verification-begun',
  completed: 'maintenance.completed',
  cancelled: 'maintenance.cancelled',
};

/** The states that may follow each state. */
const NEXT: Readonly<Record<MaintenanceStatus, readonly MaintenanceStatus[]>> = {
  scheduled: ['in-progress', 'cancelled'],
  'in-progress': ['verifying', 'completed', 'cancelled'],
  verifying: ['in-progress', 'completed', 'cancelled'],
  completed: [],
  cancelled: [],
};

/** The event that moves the maintenance to the status; none if it has that status already. */
export function move({ status }: Timed, to: MaintenanceStatus | undefined): readonly Change[] | Rejection {
  if (to === undefined || to === status) return [];
  if (to === 'scheduled' || !NEXT[status].includes(to)) return refuseStatus(status, to);
  return [{ type: EVENT_OF[to], data: {} }];
}

function refuseStatus(status: MaintenanceStatus, to: MaintenanceStatus): Rejection {
  const next = NEXT[status].map((each) => `"${each}"`).join(' or ');
  const then = next === '' ? 'that is final' : `what can follow is ${next}`;
  return reject('wrong-state', `The maintenance is ${status}, not to be set to "${to}": ${then}.`, '/status');
}

/**
 * What the clock records of a maintenance by now: that it began, or ended, at the planned moments. What was begun by hand
 * after its planned end ends by hand.
 */
export function dueChanges(maintenance: Timed, now: string): readonly Change[] {
  const due = nextDue(maintenance);
  if (due === undefined || due > now) return [];
  if (maintenance.status !== 'scheduled') return [completedAtPlan(maintenance)];
  const begun: Timed = { ...maintenance, status: 'in-progress', startedAt: maintenance.startsAt };
  return [startedAtPlan(maintenance), ...dueChanges(begun, now)];
}

/** What has happened by now of a window that is planned now. One that is wholly past was kept, whoever was to begin it. */
export function begunBy(
  planned: Pick<Timed, 'startsAt' | 'endsAt' | 'autoStart' | 'autoEnd'>,
  now: string,
): readonly Change[] {
  const scheduled: Timed = { ...planned, status: 'scheduled', startedAt: null };
  return planned.endsAt <= now ? wholeWindow(scheduled) : dueChanges(scheduled, now);
}

/** That it began and ended at the planned moments. */
function wholeWindow(maintenance: Timed): readonly Change[] {
  return [startedAtPlan(maintenance), completedAtPlan(maintenance)];
}

/** The next moment at which something may be due; `undefined` if nothing will be. */
export function nextDue({ status, startsAt, endsAt, autoStart, autoEnd, startedAt }: Timed): string | undefined {
  if (status === 'scheduled') return autoStart ? startsAt : undefined;
  return isActive({ status }) && autoEnd && startedAt !== null && startedAt <= endsAt ? endsAt : undefined;
}

function startedAtPlan({ startsAt }: Timed): Change {
  return { type: 'maintenance.started', occurredAt: startsAt, data: {} };
}

function completedAtPlan({ endsAt }: Timed): Change {
  return { type: 'maintenance.completed', occurredAt: endsAt, data: {} };
}
