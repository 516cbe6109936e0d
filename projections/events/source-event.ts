// The event that set a value: what read models keep of it beside the value, so that nobody has to look for it in the log.
import { happenedAt } from './envelope.ts';
import type { EventType, RecordedEvent } from './event-types.ts';

export interface SourceEvent {
  readonly position: number;
  readonly type: EventType;
  readonly happenedAt: string;
  readonly recordedAt: string;
}

export function sourceOf(event: RecordedEvent): SourceEvent {
  const { position, type, recordedAt } = event;
  return { position, type, happenedAt: happenedAt(event), recordedAt };
}
