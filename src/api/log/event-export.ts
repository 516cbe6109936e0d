// The route of /api/events/export: exports the log, or the events of one organisation, for archiving and verification.
import * as z from 'zod';
import { audienceOf } from '../../../projections/viewer/shown-event.ts';
import { isAudience, maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import type { Turn } from '../../bounds/turns.ts';
import { labelField } from '../../commands/fields.ts';
import type { Route } from '../../http/route.ts';
import type { EventLog } from '../../log/event-log.ts';
import { exportLine, type VisibleTexts } from '../../log/exported-event.ts';
import type { StoredEvent } from '../../log/journal.ts';
import { type LogPage, SLICE_EVENTS } from '../../log/page.ts';
import { visiblePart } from './visible-part.ts';

const exportQuery = z.object({
  organizationId: labelField.exactOptional().describe('Only events of this organisation'),
});
type ExportQuery = z.output<typeof exportQuery>;

const EXAMPLE = `${JSON.stringify({
  position: 1,
  recordedAt: '2026-03-01T09:30:00.000Z',
  hash: '5f1d4ac2b7a2f0f5d1bb3b6f0d5f4d6a0f8f4a9e8c7b6a5d4c3b2a190817263f',
  text: '{"id":"0193b5a0-5f1e-7c3a-9d2b-3f6a1c8e4b70","type":"service.deleted"}',
  metaDigest: 'c1a5298f939e87e8f962a5edfc206918a6e0c8d8a7d9b1d3d5b0f6f2a4c8e0d1',
})}\n`;

export function eventExportRoutes(log: EventLog): Route[] {
  const exported: Route<unknown, ExportQuery> = {
    method: 'get',
    path: '/api/events/export',
    operationId: 'exportEvents',
    tag: 'events',
    summary: 'Export the log, or one organisation of it, exactly as stored',
    description:
      'One line for each event, up to the head at the time of the request: `position`, `recordedAt`, `hash` and the two ' +
      'stored texts `text` and `meta`. A text that the caller may not see is replaced by its SHA-256 hash (`textDigest` ' +
      'with the `organizationId`, `metaDigest`), so that `plive verify` can still check the hash chain. A redacted text ' +
      'is exported as redacted, with the `textDigest` of the original. Events without a `salt` (recorded by earlier ' +
      'versions) have `"withheld": true` instead of both hashes once they are redacted, except for members: the original ' +
      'could be guessed from a hash of it.',
    access: 'anyone',
    query: exportQuery,
    success: {
      status: 200,
      description: 'The events',
      mediaType: 'application/x-ndjson',
      schema: z.string(),
      example: EXAMPLE,
    },
    problems: ['too-many-streams'],
    handle({ viewer, query: { organizationId }, payer, turn }) {
      const head = log.position;
      const part = organizationId === undefined ? '' : `${organizationId}-`;
      return {
        status: 200,
        headers: {
          'Content-Type': 'application/x-ndjson',
          'Content-Disposition': `attachment; filename="plive-events-${part}${head}.ndjson"`,
        },
        stream: {
          chunks(signal) {
            const filter = () => visiblePart(viewer, organizationId);
            // Small pages: a client may stop reading in the middle of one, which then stays in memory.
            const slices = log.stored({ until: head, limit: SLICE_EVENTS, filter, signal, turn, payer });
            return exportedLines(slices, viewer, turn);
          },
        },
      };
    },
  };
  return [exported];
}

async function* exportedLines(
  slices: AsyncIterable<LogPage<StoredEvent>>,
  viewer: Viewer,
  turn: Turn,
): AsyncGenerator<string> {
  for await (const { events } of slices) {
    const lines = await turn(() => linesOf(events, viewer));
    if (lines.length > 0) yield lines;
  }
}

function linesOf(events: readonly StoredEvent[], viewer: Viewer): string {
  return events
    .filter((event) => maySee(viewer, event.organizationId))
    .map((event) => exportLine(event, unveiled(event, viewer)))
    .join('');
}

function unveiled(event: StoredEvent, viewer: Viewer): VisibleTexts {
  return {
    text: isAudience(viewer, event.organizationId, audienceOf(event)),
    meta: isAudience(viewer, event.organizationId, 'members'),
  };
}
