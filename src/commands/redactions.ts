// Redactions: blanking the text of an event that should never have been published.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { aggregateOf, entityId, placeOf } from '../../projections/envelope.ts';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events.ts';
import { findIncident } from '../../projections/incidents.ts';
import type { Models } from '../../projections/models.ts';
import { findService } from '../../projections/services.ts';
import { showEvent } from '../../projections/shown-event.ts';
import { isFromTheFuture } from '../../projections/upcasters.ts';
import { digest } from '../log/chain.ts';
import { blankedText, decode } from '../log/encoding.ts';
import type { StoredEvent } from '../log/journal.ts';
import { type Command, reject } from './command.ts';
import { textField } from './fields.ts';

export const redactEventInput = z.object({
  reason: textField.describe('Why; it is published, so it must not repeat what it is about'),
});

interface RedactEvent extends z.output<typeof redactEventInput> {
  /** As it is stored. */
  readonly target: StoredEvent;
  /** The version at which its stream was when it was read: a deleted entity is in no read model that would know. */
  readonly version: number;
}

export const redactEvent: Command<RedactEvent> = {
  stream: ({ target }) => target.stream,
  decide({ target, version, reason }, models, { viewer }) {
    const { position, stream, organizationId } = target;
    const event = decode(target);
    if (!showEvent(event, viewer)) return reject('not-found', `There is no event at position ${position}.`);
    const accepted = { kind: 'accepted', stream, expected: version, organizationId } as const;
    if (target.textDigest !== null) return { ...accepted, events: [] };
    if (isFromTheFuture(event)) {
      return reject('nothing-to-redact', `Only the newer version that wrote ${event.type} knows where its words are.`);
    }
    const text = blankedText(target);
    if (text === target.text) {
      return reject('nothing-to-redact', `Nobody wrote any words into the ${event.type} at position ${position}.`);
    }
    const data = {
      eventId: event.id,
      remainder: digest(text),
      shown: stillShown(event, entityOf(event, models)),
      ...('message' in event.data ? { updateId: event.data.updateId } : {}),
      reason,
    };
    return {
      ...accepted,
      events: [{ type: 'event.redacted', ...placeOf(event), data }],
      redactions: [{ position, text }],
    };
  },
};

/** The entity that it happened to, as it is now. */
function entityOf(event: RecordedEvent, { services, incidents }: Models): object | undefined {
  return aggregateOf(event) === 'service'
    ? findService(services, entityId(event))
    : findIncident(incidents, entityId(event));
}

/** The members of the entity that say what the event says in them. */
function stillShown({ type, data }: RecordedEvent, entity: object = {}): string[] {
  const now = new Map<string, unknown>(Object.entries(entity));
  const said = new Map<string, unknown>(Object.entries(data));
  return EVENT_TYPES[type].texts.filter(
    (member) => now.has(member) && isDeepStrictEqual(now.get(member), said.get(member)),
  );
}
