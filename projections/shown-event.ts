// A recorded event as a viewer may see it.
import { EVENT_TYPES, type RecordedEvent } from './events.ts';
import { isAudience, type Viewer } from './viewer.ts';

/** Without `meta` unless the viewer is a member. */
export type ShownEvent = Omit<RecordedEvent, 'meta'> & Partial<Pick<RecordedEvent, 'meta'>>;

/** The event as the viewer may see it; `undefined` where it is not for them. */
export function showEvent(event: RecordedEvent, viewer: Viewer): ShownEvent | undefined {
  // What this version does not know may not be for everyone.
  const audience = Object.hasOwn(EVENT_TYPES, event.type) ? EVENT_TYPES[event.type].audience : 'members';
  if (!isAudience(viewer, event.organizationId, audience)) return undefined;
  if (isAudience(viewer, event.organizationId, 'members')) return event;
  const { meta: _members, ...shown } = event;
  return shown;
}
