// The row of /api/events/stream: the log as server-sent events, from any position on, those to come included.
import { setImmediate as turn } from 'node:timers/promises';
import type { z } from 'zod';
import { type ShownEvent, showEvent } from '../../../projections/viewer/shown-event.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Problem } from '../../http/problem.ts';
import type { Route } from '../../http/route.ts';
import { invalidRequest } from '../../http/validation.ts';
import type { EventLog } from '../../log/event-log.ts';
import { eventsQuery, isMeant } from './events.ts';

const streamQuery = eventsQuery.omit({ limit: true });
type StreamQuery = z.output<typeof streamQuery>;

interface Following extends StreamQuery {
  readonly viewer: Viewer;
}

/** Proxies close a connection on which nothing is said for a while; in milliseconds. */
const BEAT = { beat: ': beat\n\n', interval: 15_000 };
/** How long a client waits before it comes back, in milliseconds. */
const RETRY = 2_000;
/** How many events are looked at in one go: who has much to catch up on must not hold up all others. */
const SLICE = 250;

const EXAMPLE = `retry: ${RETRY}

id: 7
event: service.status-reported
data: {"type":"service.status-reported","position":7,"data":{"status":"degraded"}}

: beat

`;

/** `live` is what keeps a stream open, and how often. */
export function eventStreamRoutes(log: EventLog, live = BEAT): Route[] {
  const stream: Route<unknown, StreamQuery> = {
    method: 'get',
    path: '/api/events/stream',
    operationId: 'streamEvents',
    tag: 'events',
    summary: 'Stream the events of the log as they happen (server-sent events)',
    description:
      '`id` is the position, `event` the type and `data` the event. The stream starts after `Last-Event-ID`, or else ' +
      'after `after`. It sends the existing events first and never ends. The events of a commit are sent together. The ' +
      'server disconnects a client that does not read; the client can reconnect and resume.',
    access: 'anyone',
    query: streamQuery,
    resumable: true,
    success: { status: 200, description: 'The stream', mediaType: 'text/event-stream', example: EXAMPLE },
    problems: ['overloaded'],
    handle({ viewer, query, lastEventId }) {
      const following = { ...query, after: lastEventId ?? query.after, viewer };
      if (following.after > log.position) return pastTheHead(log.position, lastEventId);
      return {
        status: 200,
        // What stands between must neither keep it nor wait for its end.
        headers: {
          'Content-Type': 'text/event-stream',
          'Cache-Control': 'no-store, no-transform',
          'X-Accel-Buffering': 'no',
        },
        stream: { live, chunks: (signal) => serverSentEvents(log, following, signal) },
      };
    },
  };
  return [stream];
}

function pastTheHead(head: number, lastEventId: number | undefined): Problem {
  const detail = `is ahead of the log, which ends at position ${head}`;
  return invalidRequest([
    lastEventId === undefined
      ? { in: 'query', pointer: '/after', detail }
      : { in: 'header', pointer: '/Last-Event-ID', detail },
  ]);
}

async function* serverSentEvents(log: EventLog, following: Following, signal: AbortSignal): AsyncGenerator<string> {
  yield `retry: ${RETRY}\n\n`;
  const { after } = following;
  let sent = after;
  let looked = 0;
  for await (const { events, last } of log.subscribe({ after, signal })) {
    const told = events.flatMap((event) =>
      isMeant(event, following) ? (showEvent(event, following.viewer) ?? []) : [],
    );
    if (told.length > 0) {
      yield told.map(serverSentEvent).join('');
      sent = last;
    }
    looked += events.length;
    if (looked < SLICE) continue;
    looked = 0;
    // An id of its own moves the client on over what is not for it, so that it need not be looked at again.
    if (sent < last) yield `id: ${last}\n\n`;
    sent = last;
    await turn();
  }
}

function serverSentEvent(event: ShownEvent): string {
  return `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
