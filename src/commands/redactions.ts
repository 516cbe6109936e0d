// Redactions: blanking the text of an event that should never have been published.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { findIn } from '../../projections/entity-kind.ts';
import { aggregateOf, entityId, placeOf } from '../../projections/events/envelope.ts';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { isFromTheFuture } from '../../projections/events/upcasters.ts';
import { kindOf } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { namedBy } from '../../projections/organization.ts';
import { findOrganization } from '../../projections/organizations.ts';
import { isMember } from '../../projections/viewer/viewer.ts';
import { digest } from '../log/chain.ts';
import { blankedText, decode } from '../log/encoding.ts';
import type { StoredEvent } from '../log/journal.ts';
import { type Command, reject } from './command.ts';
import { textField } from './fields.ts';

export const redactEventInput = z.object({
  reason: textField.describe('Why the text is redacted. The reason is published, so it must not repeat the text'),
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
    if (!isMember(viewer, organizationId)) return reject('not-found', `There is no event at position ${position}.`);
    const accepted = { kind: 'accepted', stream, expected: version, organizationId, role: 'owner' } as const;
    if (target.textDigest !== null) return { ...accepted, events: [] };
    if (isFromTheFuture(event)) {
      return reject(
        'nothing-to-redact',
        `A newer version of Plive wrote this ${event.type}; this version cannot tell where its text is.`,
      );
    }
    const text = blankedText(target);
    if (text === target.text) {
      return reject('nothing-to-redact', `The ${event.type} at position ${position} contains no free text.`);
    }
    const data = {
      eventId: event.id,
      remainder: digest(text),
      shown: stillShown(event, models),
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

/** What of the entity that it happened to still says what the event says, as the event of the redaction lists it. */
function stillShown(event: RecordedEvent, models: Models): readonly string[] {
  const id = entityId(event);
  const kind = kindOf(event);
  if (kind) return membersShowing(event, findIn(kind, models, id));
  if (aggregateOf(event) !== 'organization') throw new Error(`Nobody knows what shows the stream ${event.stream}.`);
  const organization = findOrganization(models.organizations, id);
  return organization ? namedBy(organization, event) : [];
}

/** The members of the entity that say what the event says in them. */
function membersShowing({ type, data }: RecordedEvent, entity: object = {}): string[] {
  const now = new Map<string, unknown>(Object.entries(entity));
  const said = new Map<string, unknown>(Object.entries(data));
  return EVENT_TYPES[type].texts.filter(
    (member) => now.has(member) && isDeepStrictEqual(now.get(member), said.get(member)),
  );
}
