// The published postmortem of an incident.
import { happenedAt } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import type { Translations } from '../events/translations.ts';

export interface PublishedPostmortem {
  readonly text: string;
  readonly translations?: Translations;
  readonly publishedAt: string;
}

/** The postmortem that this event published. */
export function postmortemOf(event: RecordedEvent<'incident.postmortem-published'>): PublishedPostmortem {
  return { ...event.data, publishedAt: happenedAt(event) };
}
