// A line of an export: an event exactly as stored, with digests in place of the texts that the reader may not see.
import { z } from 'zod';
import { digest } from './chain.ts';
import type { StoredEvent } from './journal.ts';
import { isSalted } from './public-text.ts';

const hexDigest = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.object({ text: z.string() });
const organizationId = z.object({ organizationId: z.string() });
const exportedEvent = z
  .object({ position: z.int().min(1), recordedAt: z.string(), hash: hexDigest })
  // The text names the organisation, and so the hash chain; without the text it must be given separately.
  .and(
    z.union([
      // Blanked, and nothing that its original words could be guessed from: neither digest, because the hash and one of
      // them give the other away.
      z.object({ withheld: z.literal(true) }).and(z.union([text, organizationId])),
      z
        // A `textDigest` next to the text means that the text was blanked.
        .union([
          text.extend({ textDigest: hexDigest.exactOptional() }),
          organizationId.extend({ textDigest: hexDigest }),
        ])
        .and(z.union([z.object({ meta: z.string() }), z.object({ metaDigest: hexDigest })])),
    ]),
  );

export type ExportedEvent = Readonly<z.output<typeof exportedEvent>>;

/** Which texts of an event the reader of an export may see. */
export interface VisibleTexts {
  readonly text: boolean;
  readonly meta: boolean;
}

/** The line of an event, including its line break. */
export function exportLine(event: StoredEvent, visible: VisibleTexts): string {
  const { position, recordedAt, hash } = event;
  const texts = isGuessable(event) && !visible.meta ? withheldTexts(event, visible) : textsOf(event, visible);
  const exported: ExportedEvent = { position, recordedAt, hash, ...texts };
  return `${JSON.stringify(exported)}\n`;
}

/** Whether the words that were blanked could be guessed from their digest: all the rest of the text is known. */
function isGuessable({ text, textDigest }: StoredEvent): boolean {
  return textDigest !== null && !isSalted(text);
}

function withheldTexts({ organizationId, text }: StoredEvent, visible: VisibleTexts) {
  return { ...(visible.text ? { text } : { organizationId }), withheld: true } as const;
}

function textsOf({ organizationId, text, textDigest, meta }: StoredEvent, visible: VisibleTexts) {
  const blanked = textDigest === null ? {} : { textDigest };
  return {
    ...(visible.text ? { text, ...blanked } : { organizationId, textDigest: textDigest ?? digest(text) }),
    ...(visible.meta ? { meta } : { metaDigest: digest(meta) }),
  };
}

/** The event of a line; `undefined` if the line is not an event. */
export function parseExportLine(line: string): ExportedEvent | undefined {
  return exportedEvent.safeParse(parsed(line)).data;
}

/** Whether at least one of the event's texts is missing. */
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
