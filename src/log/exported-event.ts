// Writes the lines of an export: events exactly as stored, with digests in place of the texts that the reader may not see.
import * as z from 'zod';
import type { ExportedEvidence } from '../../projections/chain/evidence.ts';
import { digest } from './chain.ts';
import type { StoredEvent } from './journal.ts';
import { isSalted } from './public-text.ts';

/** Which texts of an event the reader of an export may see. */
export interface VisibleTexts {
  readonly text: boolean;
  readonly meta: boolean;
}

/** The line of an event, including its line break. */
export function exportLine(event: StoredEvent, visible: VisibleTexts): string {
  const { position, recordedAt, hash } = event;
  const texts = isGuessable(event) && !visible.meta ? withheldTexts(event, visible) : textsOf(event, visible);
  const exported: ExportedEvidence = { position, recordedAt, hash, ...texts };
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

/** Whether at least one of the event's texts is missing. */
export function hasHiddenText(event: ExportedEvidence): boolean {
  return !('text' in event && 'meta' in event);
}

const place = z.object({ organizationId: z.string(), stream: z.string(), version: z.int(), type: z.string() });

/** The event as stored, with columns taken from its text; `undefined` if a text is hidden or does not have them. */
export function storedEvent(event: ExportedEvidence): StoredEvent | undefined {
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
