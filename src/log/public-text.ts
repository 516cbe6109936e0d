// Encodes the public text of an event. The member order never changes. Apart from `encoding.ts`, so that worker threads
// need not load the event schemas.
import type { PreparedEvent } from './journal.ts';

/** JSON. */
export function publicText(event: Omit<PreparedEvent, 'meta'>, stream: string, version: number): string {
  const { id, type, schema, occurredAt, organizationId, tenantId, data } = event;
  const envelope = JSON.stringify({ id, type, schema, stream, version, occurredAt, organizationId, tenantId });
  return `${envelope.slice(0, -1)},"data":${data}}`;
}
