// A recorded event as a viewer may see it.

import type { Audience } from '../events/event-definition.ts';
import { EVENT_TYPES, type EventType, type RecordedEvent } from '../events/event-types.ts';
import { isInMembersStream } from '../events/members-streams.ts';
import { isAudience, type Viewer } from './viewer.ts';

/** Without `meta` unless the viewer is a member. */
export type ShownEvent = Omit<RecordedEvent, 'meta'> & Partial<Pick<RecordedEvent, 'meta'>>;

/** The audience of an event type. `members` for an unknown type, because it may not be public. */
export function audienceOfType(type: string): Audience {
  return Object.hasOwn(EVENT_TYPES, type) ? EVENT_TYPES[type as EventType].audience : 'members';
}

/** The audience of an event. A redaction has that of the stream that it is in. */
export function audienceOf(event: Pick<RecordedEvent, 'stream'> & { readonly type: string }): Audience {
  return isInMembersStream(event) ? 'members' : audienceOfType(event.type);
}

/** The event as the viewer may see it; `undefined` if the viewer is not in its audience. */
export function showEvent(event: RecordedEvent, viewer: Viewer): ShownEvent | undefined {
  if (!isAudience(viewer, event.organizationId, audienceOf(event))) return undefined;
  if (isAudience(viewer, event.organizationId, 'members')) return event;
  const { meta: _members, ...shown } = event;
  return shown;
}
