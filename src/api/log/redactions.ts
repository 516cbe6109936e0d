// The route of /api/events/{position}/redaction.
import * as z from 'zod';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import type { ShownEvent } from '../../../projections/viewer/shown-event.ts';
import type { Dispatch } from '../../commands/dispatch.ts';
import { numberParameter } from '../../commands/numbers.ts';
import { redactEvent, redactEventInput } from '../../commands/redactions.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { Answer, Route } from '../../http/route.ts';
import { decode } from '../../log/encoding.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { StoredEvent } from '../../log/journal.ts';
import type { Pictures } from '../../workflows/pictures.ts';
import { exampleIncident, exampleUpdate } from '../incidents/incident-schema.ts';
import { eventSchema } from './events.ts';

const positionParams = z.object({
  position: numberParameter({ min: 1 })
    .describe('Position of the event in the log')
    // Not `examples`, which zod leaves out of the input of what it transforms.
    .meta({ example: SAMPLE.updatePosition }),
});

const exampleRedaction: ShownEvent = {
  id: '0193b5a6-3b1c-7d2e-9c4f-5a6b7c8d9e0f',
  type: 'event.redacted',
  schema: 2,
  stream: `incident-${exampleIncident.id}`,
  version: 4,
  position: 98,
  recordedAt: '2026-03-01T10:20:00.000Z',
  organizationId: 'default',
  data: {
    eventId: '0193b5a4-2c40-7e11-8a5d-77c0f1e2d3b5',
    remainder: '5f1d4ac2b7a2f0f5d1bb3b6f0d5f4d6a0f8f4a9e8c7b6a5d4c3b2a190817263f',
    shown: [`/updates/${exampleUpdate.id}/message`],
    reason: 'It contained a password, which has been changed since.',
  },
  hash: 'c1a5298f939e87e8f962a5edfc206918a6e0c8d8a7d9b1d3d5b0f6f2a4c8e0d1',
};

interface Parts {
  readonly log: EventLog;
  readonly dispatch: Dispatch;
  readonly pictures: Pictures;
}

export function redactionRoutes({ log, dispatch, pictures }: Parts): Route[] {
  const shape = { schema: eventSchema, example: exampleRedaction, tagged: true };
  const redact: Route<z.output<typeof positionParams>, unknown, z.output<typeof redactEventInput>> = {
    method: 'post',
    path: '/api/events/{position}/redaction',
    operationId: 'redactEvent',
    tag: 'events',
    summary: 'Redact the text of an event that should never have been published',
    description:
      'Replaces the free text of the event with `[redacted]` in the log and in all reads, including historical ones. ' +
      'Statuses and other values stay. The hash of the text is kept, so the log still verifies. Other events with the ' +
      'same text are not changed: redact them too. A redaction cannot be undone. In a deleted organisation, those who ' +
      'owned it when it was deleted can redact. The ETag is that of the service or incident.',
    access: 'owner',
    params: positionParams,
    body: redactEventInput,
    bodyExample: { reason: 'It contained a password, which has been changed since.' },
    success: { status: 201, description: 'The redaction event', ...shape },
    alternatives: [{ status: 200, description: 'Already redacted: the earlier redaction event', ...shape }],
    problems: ['not-found', 'nothing-to-redact'],
    repeatable: 'log',
    async handle({ viewer, params: { position }, body, terms }) {
      for (;;) {
        const found = await findTarget(log, position);
        if (!found) return { problem: 'not-found', detail: `There is no event at position ${position}.` };
        const ifMatch = new Set([found.version]);
        const dispatched = await dispatch(redactEvent, { ...body, ...found }, { ...terms, ifMatch });
        // Another event was added to the stream in the meantime: read the target again and retry.
        if (dispatched.kind === 'stale') continue;
        // Also if it is redacted already: its picture may have outlasted a crash.
        if (dispatched.kind === 'done') await pictures.redacted(found.target);
        const isDoneAlready = dispatched.kind === 'done' && dispatched.events.length === 0;
        if (isDoneAlready) return answer(200, await findRedaction(log, found.target));
        return commandAnswer(dispatched, viewer, ([event]) => answer(201, event));
      }
    },
  };
  return [redact];
}

interface FoundTarget {
  readonly target: StoredEvent;
  /** Version of its stream. */
  readonly version: number;
}

async function findTarget(log: EventLog, position: number): Promise<FoundTarget | undefined> {
  for await (const { stream } of log.read({ after: position - 1, until: position })) {
    const version = await versionOf(log, stream);
    // Read the target after the version: if it changes in between, the version is stale and the command is retried.
    for await (const {
      events: [target],
    } of log.stored({ after: position - 1, until: position })) {
      if (target) return { target, version };
    }
  }
  return undefined;
}

async function versionOf(log: EventLog, stream: string): Promise<number> {
  let version = 0;
  for await (const event of log.read({ stream })) version = event.version;
  return version;
}

/** The `event.redacted` event for this event. */
async function findRedaction(log: EventLog, target: StoredEvent): Promise<RecordedEvent | undefined> {
  const { id } = decode(target);
  for await (const event of log.read({ stream: target.stream, after: target.position })) {
    if (event.type === 'event.redacted' && event.data.eventId === id) return event;
  }
  return undefined;
}

/** Who may redact may see the redaction, also in a deleted organisation. */
function answer(status: 200 | 201, redaction: RecordedEvent | undefined): Answer {
  if (!redaction) throw new Error('The redaction event of a redacted event was not found.');
  return { status, body: redaction, etag: entityTag(redaction) };
}
