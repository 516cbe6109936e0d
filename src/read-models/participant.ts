// A participant in snapshots.
import type { Codec } from '../../projections/state/projection.ts';

/** An object whose state is derived from the log alone. */
export interface Participant<S> {
  readonly codec: Codec<S>;
  /** The current state, which is immutable; `undefined` if it must not be stored in a snapshot. */
  capture(): S | undefined;
  /** Replaces the state, before later events are folded. */
  seed(state: S): void;
}
