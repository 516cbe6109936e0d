// Projections: named, pure folds over recorded events, and how their states are encoded.
import type { RecordedEvent } from '../events/event-types.ts';

/** Encodes a named state in parts, and decodes it from them. */
export interface Codec<S> {
  readonly name: string;
  /**
   * Raised whenever the same events give another state or the encoding changes: states cached by older code are not
   * used.
   */
  readonly version: number;
  readonly initial: S;
  /**
   * The state in small parts of plain JSON, without data that can be derived from the rest. Lazy, so that a large state
   * can be written incrementally.
   */
  encode(state: S): Iterable<unknown>;
  /**
   * Adds one part to the state. Starts from `initial` and takes all parts in the order of `encode`. May throw
   * otherwise.
   */
  decode(state: S, part: unknown): S;
}

/**
 * A named fold. `on` is pure, never mutates, and returns the same state object for an event that does not concern it.
 */
export interface Projection<S> extends Codec<S> {
  on(state: S, event: RecordedEvent): S;
}

/** Folds events onto a state, by default the projection's initial one. */
export function fold<S>(projection: Projection<S>, events: Iterable<RecordedEvent>, from = projection.initial): S {
  let state = from;
  for (const event of events) state = projection.on(state, event);
  return state;
}
