// The streams of maintenances and of their series, and who may change these.
import { type Acceptance, type Rejection, reject } from '../command.ts';

/** The stream of a maintenance, which callers with the role `member` can change. */
export function byMember(id: string): Pick<Acceptance, 'stream' | 'role'> {
  return { stream: maintenanceStream(id), role: 'member' };
}

export function maintenanceStream(id: string): string {
  return `maintenance-${id}`;
}

export function unknownMaintenance(id: string): Rejection {
  return reject('not-found', `There is no maintenance ${id}.`);
}

export function seriesStream(id: string): string {
  return `series-${id}`;
}

export function unknownSeries(id: string): Rejection {
  return reject('not-found', `There is no series ${id}.`);
}
