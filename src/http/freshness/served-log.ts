// What HTTP and sockets need of the log, and the headers by which each answer says how far this server has read it.
import type { ServerResponse } from 'node:http';
import type { EventLog } from '../../log/event-log.ts';

/** The log as this server has read it. Where several servers share a log, others may have recorded more. */
export type ServedLog = Pick<EventLog, 'id' | 'position' | 'staleSince' | 'freshen'>;

/** The header of the position that an answer is at least made from, and of requests that have seen a position. */
export const POSITION_HEADER = 'X-Log-Position';
/** The header of an answer that may lack what other servers have recorded since this time. */
export const STALE_HEADER = 'Plive-Stale-Since';

type Progress = Pick<ServedLog, 'position' | 'staleSince'>;

/** Names and values in alternation. They belong to the moment in which an answer is sent, so no cache keeps them. */
export function progressHeaders({ position, staleSince }: Progress): readonly string[] {
  const reached = [POSITION_HEADER, String(position)];
  return staleSince === undefined ? reached : [...reached, STALE_HEADER, staleSince.toISOString()];
}

/** Sets these headers. */
export function setProgress(response: ServerResponse, { position, staleSince }: Progress): void {
  response.setHeader(POSITION_HEADER, String(position));
  if (staleSince !== undefined) response.setHeader(STALE_HEADER, staleSince.toISOString());
}
