// The stream of an incident, and what all commands on an existing incident have in common.
import { type Acceptance, type Rejection, reject } from '../command.ts';

export function incidentStream(id: string): string {
  return `incident-${id}`;
}

/** The stream of an incident, which callers with the role `member` can change. */
export function changedByMember(id: string): Pick<Acceptance, 'stream' | 'role'> {
  return { stream: incidentStream(id), role: 'member' };
}

export function unknownIncident(id: string): Rejection {
  return reject('not-found', `There is no incident ${id}.`);
}
