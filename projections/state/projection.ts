// What a read model is: a named, pure fold over recorded events, and how its state is written down.
import type { RecordedEvent } from '../events/event-types.ts';

/** A state with a name, written down in parts and put together from them again. */
export interface Codec<S> {
  readonly name: string;
  /** Grows whenever the same events would give another state, or the parts mean something else, so that states cached by older code are not trusted. */
  readonly version: number;
  readonly initial: S;
  /** The state in parts of plain JSON, each small: what can be derived from the rest is left out. Lazy, so that a large state can be written bit by bit. */
  encode(state: S): Iterable<unknown>;
  /** The state with one more of the parts that `encode` gave, in their order, from `initial` on. May throw for anything else. */
  decode(state: S, part: unknown): S;
}

/** A named fold. `on` is pure, returns the very same state for an event that does not concern it, and never mutates. */
export interface Projection<S> extends Codec<S> {
  on(state: S, event: RecordedEvent): S;
}

/** Folds events onto a state, the projection's initial one unless told. */
export function fold<S>(projection: Projection<S>, events: Iterable<RecordedEvent>, from = projection.initial): S {
  let state = from;
  for (const event of events) state = projection.on(state, event);
  return state;
}
