// What a read model is: a named, pure fold over recorded events.
import type { RecordedEvent } from './events.ts';

/** A named fold. `on` is pure, returns the very same state for an event that does not concern it, and never mutates. */
export interface Projection<S> {
  readonly name: string;
  /** Grows whenever the same events would give another state, so that states cached by older code are not trusted. */
  readonly version: number;
  readonly initial: S;
  on(state: S, event: RecordedEvent): S;
}

/** Folds events onto a state, the projection's initial one unless told. */
export function fold<S>(projection: Projection<S>, events: Iterable<RecordedEvent>, from = projection.initial): S {
  let state = from;
  for (const event of events) state = projection.on(state, event);
  return state;
}
