// The command that redacts an event: blanks its free text.
import * as z from 'zod';
import { findIn } from '../../projections/entity-kind.ts';
import { aggregateOf, entityId, placeOf } from '../../projections/events/envelope.ts';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { textsAt } from '../../projections/events/texts.ts';
import { isFromTheFuture } from '../../projections/events/upcasters.ts';
import { kindOf } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { namedBy } from '../../projections/organization.ts';
import { findOrganization, wasOwner } from '../../projections/organizations.ts';
import { isMember } from '../../projections/viewer/viewer.ts';
import { digest } from '../log/chain.ts';
import { blankedText, decode } from '../log/encoding.ts';
import type { StoredEvent } from '../log/journal.ts';
import { type Command, reject } from './command.ts';
import { textField } from './fields.ts';
import { userOf } from './organization-command.ts';

export const redactEventInput = z.object({
  reason: textField.describe('Why the text is redacted. The reason is published, so it must not repeat the text'),
});

interface RedactEvent extends z.output<typeof redactEventInput> {
  /** The event to redact, as stored. */
  readonly target: StoredEvent;
  /** The version of its stream, read from the log: the read models do not have it for a deleted entity. */
  readonly version: number;
}

/** Requires an owner; in a deleted organisation, a person who was one when it was deleted. */
export const redactEvent: Command<RedactEvent> = {
  stream: ({ target }) => target.stream,
  decide({ target, version, reason }, models, { viewer }) {
    const { position, stream, organizationId } = target;
    const event = decode(target);
    const isFormerOwner = wasOwner(models.organizations, organizationId, userOf(viewer));
    if (!isFormerOwner && !isMember(viewer, organizationId)) {
      return reject('not-found', `There is no event at position ${position}.`);
    }
    const role = isFormerOwner ? 'anyone' : 'owner';
    const accepted = { kind: 'accepted', stream, expected: version, organizationId, role } as const;
    if (target.textDigest !== null) return { ...accepted, events: [] };
    if (isFromTheFuture(event)) {
      return reject(
        'nothing-to-redact',
        `A newer version of Plive wrote this ${event.type}; this version cannot tell where its text is.`,
      );
    }
    const text = blankedText(target);
    if (text === undefined) {
      return reject('nothing-to-redact', `The ${event.type} at position ${position} contains no free text.`);
    }
    const data = {
      eventId: event.id,
      remainder: digest(text),
      shown: stillShown(event, models),
      reason,
    };
    return {
      ...accepted,
      events: [{ type: 'event.redacted', ...placeOf(event), data }],
      redactions: [{ position, text }],
    };
  },
};

/** Pointers to what of the event's entity still shows the event's text, as `event.redacted` lists them. */
function stillShown(event: RecordedEvent, models: Models): readonly string[] {
  const id = entityId(event);
  const kind = kindOf(event);
  if (kind) return pointersShowing(event, findIn(kind, models, id), kind.textsUnder(event));
  if (aggregateOf(event) !== 'organization') throw new Error(`The stream ${event.stream} is of an unknown kind.`);
  const organization = findOrganization(models.organizations, id);
  return organization ? namedBy(organization, event) : [];
}

/** Pointers to the texts of the entity that the event set and that still say the same. */
function pointersShowing({ type, data }: RecordedEvent, entity: object | undefined, under: string): string[] {
  return EVENT_TYPES[type].texts.flatMap((pointer) => {
    const words = new Set(textsAt(data, pointer).values());
    const shown = textsAt(entity, `${under}${pointer}`);
    return [...shown].filter(([, text]) => words.has(text)).map(([place]) => place);
  });
}
