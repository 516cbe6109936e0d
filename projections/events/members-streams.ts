// The streams that are for members alone, with everything in them. Without zod, so that folds run without it.
import { aggregateOf } from './envelope.ts';
import type { RecordedEvent } from './event-types.ts';

const AGGREGATES: readonly string[] = ['postmortem', 'template'];

/** Whether the event is in a stream that is for members alone. A redaction there is for members too. */
export function isInMembersStream(event: Pick<RecordedEvent, 'stream'>): boolean {
  return AGGREGATES.includes(aggregateOf(event));
}
