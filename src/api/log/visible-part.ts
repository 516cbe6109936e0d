// The part of the log that a viewer may see, as the filter of a scan: what a viewer may not see is not even read.
import { EVENT_TYPES, type EventType } from '../../../projections/events/event-types.ts';
import { audienceOfType } from '../../../projections/viewer/shown-event.ts';
import { isMember, maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import type { EventFilter } from '../../log/page.ts';

/** What a request asks for. */
export interface Asked {
  readonly organizationId?: string;
  readonly type?: EventType;
}

const NONE: EventFilter = { organizations: [] };
const PUBLIC_TYPES = Object.keys(EVENT_TYPES).filter((type) => audienceOfType(type) === 'public');

/** The events of the organisations that the viewer may see now: a private and an unknown one select nothing. */
export function visiblePart(viewer: Viewer, organizationId: string | undefined): EventFilter {
  if (organizationId !== undefined) return maySee(viewer, organizationId) ? { organizations: [organizationId] } : NONE;
  const { organizations } = viewer;
  return organizations === 'all' ? {} : { organizations };
}

/**
 * Those of them that the viewer may see in full. Where it covers several organisations, it can contain events for the
 * members of some: `showEvent` has the last word.
 */
export function shownPart(viewer: Viewer, { organizationId, type }: Asked): EventFilter {
  const part = visiblePart(viewer, organizationId);
  const [only] = part.organizations ?? [];
  const isStranger = only !== undefined && part.organizations?.length === 1 && !isMember(viewer, only);
  if (type === undefined) return isStranger ? { ...part, types: PUBLIC_TYPES } : part;
  return isStranger && audienceOfType(type) === 'members' ? NONE : { ...part, types: [type] };
}
