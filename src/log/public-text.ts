// Encodes the public text of an event. The member order never changes. Apart from `encoding.ts`, so that worker threads
// need not load the event schemas.
import type { PreparedEvent } from './journal.ts';

/** The members of a public text, apart from the event's place in its stream. */
interface PublicPart extends Omit<PreparedEvent, 'meta' | 'salt'> {
  /** `null` in a blanked text. Absent in events that were recorded before there were salts. */
  readonly salt?: string | null;
}

/** JSON. */
export function publicText(event: PublicPart, stream: string, version: number): string {
  const { id, type, schema, occurredAt, organizationId, tenantId, salt, data } = event;
  const envelope = JSON.stringify({ id, type, schema, stream, version, occurredAt, organizationId, tenantId, salt });
  return `${envelope.slice(0, -1)}${DATA}${data}}`;
}

// Quotes within a value are escaped, so neither of these occurs in a value of the envelope.
const SALT = ',"salt":';
const DATA = ',"data":';

/** Whether the text has a salt, or had one before it was blanked. */
export function isSalted(text: string): boolean {
  return withoutSalt(text) !== text;
}

export function withoutSalt(text: string): string {
  const end = text.indexOf(DATA);
  const start = text.lastIndexOf(SALT, end);
  return start === -1 || end === -1 ? text : text.slice(0, start) + text.slice(end);
}
