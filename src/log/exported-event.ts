// A line of an export: an event as it is stored, word for word, with digests in place of what its reader may not see.
import { z } from 'zod';
import { digest } from './chain.ts';
import type { StoredEvent } from './journal.ts';

const hexDigest = z.string().regex(/^[0-9a-f]{64}$/);
const exportedEvent = z
  .object({ position: z.int().min(1), recordedAt: z.string(), hash: hexDigest })
  // Whose chain it belongs to is in the text; without the text it must be said.
  .and(
    z.union([
      // With a digest beside it, the text is what was left of it when it was blanked.
      z.object({ text: z.string(), textDigest: hexDigest.exactOptional() }),
      z.object({ organizationId: z.string(), textDigest: hexDigest }),
    ]),
  )
  .and(z.union([z.object({ meta: z.string() }), z.object({ metaDigest: hexDigest })]));

export type ExportedEvent = Readonly<z.output<typeof exportedEvent>>;

/** What the reader of an export may see of an event besides that it is there. */
export interface Unveiled {
  readonly text: boolean;
  readonly meta: boolean;
}

/** The line of an event, its line break included. */
export function exportLine(
  { position, recordedAt, organizationId, hash, text, textDigest, meta }: StoredEvent,
  unveiled: Unveiled,
): string {
  const blanked = textDigest === null ? {} : { textDigest };
  const exported: ExportedEvent = {
    position,
    recordedAt,
    hash,
    ...(unveiled.text ? { text, ...blanked } : { organizationId, textDigest: textDigest ?? digest(text) }),
    ...(unveiled.meta ? { meta } : { metaDigest: digest(meta) }),
  };
  return `${JSON.stringify(exported)}\n`;
}

/** The event of a line; `undefined` where it is none. */
export function parseExportLine(line: string): ExportedEvent | undefined {
  return exportedEvent.safeParse(parsed(line)).data;
}

/** Whether its reader was shown a digest in place of one of its texts. */
export function isVeiled(event: ExportedEvent): boolean {
  return !('text' in event && 'meta' in event);
}

const place = z.object({ organizationId: z.string(), stream: z.string(), version: z.int(), type: z.string() });

/** The event as it was stored, filed under what its text says; `undefined` where it is veiled, or the text says nothing of it. */
export function storedEvent(event: ExportedEvent): StoredEvent | undefined {
  if (!('text' in event && 'meta' in event)) return undefined;
  const { position, recordedAt, hash, text, textDigest = null, meta } = event;
  const { data } = place.safeParse(parsed(text));
  return data && { position, recordedAt, ...data, text, textDigest, meta, hash };
}

/** `undefined` for what is no JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
