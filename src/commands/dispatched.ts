// What a command leads to.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Models } from '../../projections/models.ts';
import type { Verdict } from '../bounds/rate-limiter.ts';
import type { Appended } from '../log/commit.ts';
import type { Rejection } from './command.ts';

/** The result of a command. */
export type Dispatched =
  /**
   * `events` are those of the command's commit, also if an earlier request with the same key made it; empty if nothing
   * had to change. `models` are the read models right after it: later commands may have changed `current` since.
   */
  | { readonly kind: 'done'; readonly events: readonly RecordedEvent[]; readonly models: Models }
  | Rejection
  /** The entity is at version `actual`; `since` are the events after the newest version that the caller has seen. */
  | { readonly kind: 'stale'; readonly actual: number; readonly since: readonly RecordedEvent[] }
  /** The organisation has used up its rate limit for changes. */
  | { readonly kind: 'limited'; readonly verdict: Verdict }
  | Extract<Appended, { kind: 'key-reused' | 'overloaded' | 'unavailable' }>;

/** The reason why a command was not executed. */
export type Failure = Exclude<Dispatched, { readonly kind: 'done' }>;
