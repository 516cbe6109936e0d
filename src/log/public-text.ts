// The public bytes of an event as they are stored: one member order, for ever. Threads need them that know no schemas.
import type { PreparedEvent } from './journal.ts';

/** JSON. */
export function publicText(event: Omit<PreparedEvent, 'meta'>, stream: string, version: number): string {
  const { id, type, schema, occurredAt, organizationId, tenantId, data } = event;
  const envelope = JSON.stringify({ id, type, schema, stream, version, occurredAt, organizationId, tenantId });
  return `${envelope.slice(0, -1)},"data":${data}}`;
}
