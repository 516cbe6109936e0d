// A line of an export: an event exactly as stored, with digests in place of the texts that the reader may not see.
import { z } from 'zod';
import { digest } from './chain.ts';
import type { StoredEvent } from './journal.ts';

const hexDigest = z.string().regex(/^[0-9a-f]{64}$/);
const exportedEvent = z
  .object({ position: z.int().min(1), recordedAt: z.string(), hash: hexDigest })
  // The text names the organisation, and so the hash chain; without the text it must be given separately.
  .and(
    z.union([
      // A `textDigest` next to the text means that the text was blanked.
      z.object({ text: z.string(), textDigest: hexDigest.exactOptional() }),
      z.object({ organizationId: z.string(), textDigest: hexDigest }),
    ]),
  )
  .and(z.union([z.object({ meta: z.string() }), z.object({ metaDigest: hexDigest })]));

export type ExportedEvent = Readonly<z.output<typeof exportedEvent>>;

/** Which texts of an event the reader of an export may see. */
export interface VisibleTexts {
  readonly text: boolean;
  readonly meta: boolean;
}

/** The line of an event, including its line break. */
export function exportLine(
  { position, recordedAt, organizationId, hash, text, textDigest, meta }: StoredEvent,
  visible: VisibleTexts,
): string {
  const blanked = textDigest === null ? {} : { textDigest };
  const exported: ExportedEvent = {
    position,
    recordedAt,
    hash,
    ...(visible.text ? { text, ...blanked } : { organizationId, textDigest: textDigest ?? digest(text) }),
    ...(visible.meta ? { meta } : { metaDigest: digest(meta) }),
  };
  return `${JSON.stringify(exported)}\n`;
}

/** The event of a line; `undefined` if the line is not an event. */
export function parseExportLine(line: string): ExportedEvent | undefined {
  return exportedEvent.safeParse(parsed(line)).data;
}

/** Whether a digest replaces at least one of the event's texts. */
export function hasHiddenText(event: ExportedEvent): boolean {
  return !('text' in event && 'meta' in event);
}

const place = z.object({ organizationId: z.string(), stream: z.string(), version: z.int(), type: z.string() });

/** The event as stored, with columns taken from its text; `undefined` if a text is hidden or does not have them. */
export function storedEvent(event: ExportedEvent): StoredEvent | undefined {
  if (!('text' in event && 'meta' in event)) return undefined;
  const { position, recordedAt, hash, text, textDigest = null, meta } = event;
  const { data } = place.safeParse(parsed(text));
  return data && { position, recordedAt, ...data, text, textDigest, meta, hash };
}

/** `undefined` for invalid JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
