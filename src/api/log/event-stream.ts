// The route of /api/events/stream: streams the log as server-sent events, from any position on, and then new events.
import type * as z from 'zod';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { type ShownEvent, showEvent } from '../../../projections/viewer/shown-event.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Payer, Turn } from '../../bounds/turns.ts';
import type { Route } from '../../http/route.ts';
import type { EventLog } from '../../log/event-log.ts';
import { eventsQuery } from './events.ts';
import { shownPart } from './visible-part.ts';

const streamQuery = eventsQuery.omit({ limit: true });
type StreamQuery = z.output<typeof streamQuery>;

interface Subscription extends StreamQuery {
  readonly viewer: Viewer;
  readonly payer: Payer;
  readonly turn: Turn;
}

/** Keeps idle connections open: proxies close a connection that is silent for too long. `interval` in milliseconds. */
const HEARTBEAT = { beat: ': beat\n\n', interval: 15_000 };
/** How long a client waits before it reconnects, in milliseconds. */
const RETRY = 2_000;
/** How many events a client is moved past at once that are not for it, so that a resume does not scan them again. */
const SKIPPED = 250;

const EXAMPLE = `retry: ${RETRY}

id: 7
event: service.status-reported
data: {"type":"service.status-reported","position":7,"data":{"status":"degraded"}}

: beat

`;

/** `live` is the heartbeat of a stream and its interval. */
export function eventStreamRoutes(log: EventLog, live = HEARTBEAT): Route[] {
  const stream: Route<unknown, StreamQuery> = {
    method: 'get',
    path: '/api/events/stream',
    operationId: 'streamEvents',
    tag: 'events',
    summary: 'Stream the events of the log as they happen (server-sent events)',
    description:
      '`id` is the position, `event` the type and `data` the event. The stream starts after `Last-Event-ID`, or else ' +
      'after `after`. It sends the existing events first and never ends. The events of a commit are sent together. The ' +
      'server disconnects a client that does not read; the client can reconnect and resume. If it resumes from a position ' +
      'that the log has not reached, the log is another one: the event `reset` comes first, and then all events. Drop ' +
      'what you have.',
    access: 'anyone',
    query: streamQuery,
    resumable: true,
    success: { status: 200, description: 'The stream', mediaType: 'text/event-stream', example: EXAMPLE },
    problems: ['too-many-streams'],
    handle({ viewer, query, lastEventId, payer, turn }) {
      const subscription = { ...query, after: lastEventId ?? query.after, viewer, payer, turn };
      return {
        status: 200,
        // Proxies must neither cache nor transform nor buffer the stream.
        headers: {
          'Content-Type': 'text/event-stream',
          'Cache-Control': 'no-store, no-transform',
          'X-Accel-Buffering': 'no',
        },
        stream: { live, chunks: (signal) => followed(log, subscription, signal) },
      };
    },
  };
  return [stream];
}

/** Tells a client to begin anew: it has positions of another log, perhaps of one before a restore. */
function reset(head: number): string {
  return `id: 0\nevent: reset\ndata: ${JSON.stringify({ head })}\n\n`;
}

async function* followed(log: EventLog, subscription: Subscription, signal: AbortSignal): AsyncGenerator<string> {
  yield `retry: ${RETRY}\n\n`;
  const { viewer, payer, turn } = subscription;
  const isAhead = subscription.after > log.position;
  if (isAhead) yield reset(log.position);
  const after = isAhead ? 0 : subscription.after;
  let sent = after;
  for await (const { events, last } of log.subscribe({
    after,
    signal,
    turn,
    payer,
    filter: () => shownPart(viewer, subscription),
  })) {
    const shown = events.length === 0 ? '' : await turn(() => serverSentEvents(events, viewer));
    if (shown.length > 0) yield shown;
    // A message with only an id moves the client past events that it may not see.
    else if (last - sent >= SKIPPED) yield `id: ${last}\n\n`;
    else continue;
    sent = last;
  }
}

function serverSentEvents(events: readonly RecordedEvent[], viewer: Viewer): string {
  return events
    .flatMap((event) => showEvent(event, viewer) ?? [])
    .map(serverSentEvent)
    .join('');
}

function serverSentEvent(event: ShownEvent): string {
  return `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
