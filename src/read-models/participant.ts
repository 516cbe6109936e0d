// Who takes part in snapshots.
import type { Codec } from '../../projections/state/projection.ts';

/** Someone with a state that follows from nothing but the log. */
export interface Participant<S> {
  readonly codec: Codec<S>;
  /** The state as it is now, which nothing changes any more; `undefined` where it is not one to be kept. */
  capture(): S | undefined;
  /** Replaces the state, before what comes after it is folded. */
  seed(state: S): void;
}
