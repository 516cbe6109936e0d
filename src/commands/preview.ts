// What a command would lead to: the events that it would record, folded onto the read models. Nothing is recorded.
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { eachModel, type Models, PROJECTIONS } from '../../projections/models.ts';
import { fold, type Projection } from '../../projections/state/projection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Expected, NewEvent } from '../log/commit.ts';
import type { Acceptance } from './command.ts';

export interface Preview {
  readonly kind: 'previewed';
  readonly organizationId: string;
  /** As they would be recorded next, with ids of their own, but without hashes. */
  readonly events: readonly RecordedEvent[];
  readonly before: Models;
  readonly after: Models;
  /** When that would be: RFC 3339 with milliseconds and Z. */
  readonly now: string;
}

/** When and by whom the events would be recorded. */
interface Recording {
  readonly viewer: Viewer;
  readonly now: string;
  newId(): string;
  /** Position of the last event of the log. */
  readonly position: number;
}

/** Pure. Throws what a fold throws. */
export function previewOf(
  { stream, expected, events, also = [], organizationId }: Acceptance,
  before: Models,
  recording: Recording,
): Preview {
  const writes = [{ stream, expected, events }, ...also];
  const size = writes.reduce((sum, write) => sum + write.events.length, 0);
  const commit = { id: recording.newId(), size };
  const recorded: RecordedEvent[] = [];
  for (const write of writes) {
    for (const [index, event] of write.events.entries()) {
      const version = versionBefore(write.expected) + index + 1;
      recorded.push(eventOf(event, { stream: write.stream, version, index: recorded.length, commit }, recording));
    }
  }
  const after = eachModel((name) =>
    fold(PROJECTIONS[name] as Projection<unknown>, recorded, before[name] as unknown),
  ) as Models;
  return { kind: 'previewed', organizationId, events: recorded, before, after, now: recording.now };
}

function versionBefore(expected: Expected): number {
  return typeof expected === 'number' ? expected : 0;
}

interface Placed {
  readonly stream: string;
  readonly version: number;
  /** Among the events of the commit, from 0. */
  readonly index: number;
  readonly commit: { readonly id: string; readonly size: number };
}

function eventOf(
  event: NewEvent,
  { stream, version, index, commit }: Placed,
  { viewer, now, newId, position }: Recording,
): RecordedEvent {
  const id = newId();
  return {
    ...event,
    id,
    schema: EVENT_TYPES[event.type].schema,
    stream,
    version,
    position: position + index + 1,
    recordedAt: now,
    meta: { actor: viewer.actor, correlationId: id, commit: { ...commit, index } },
    hash: '',
  } as RecordedEvent;
}
