// Folds one commit onto the state of a projection. A fault in one organisation does not affect others.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { isFromTheFuture } from '../../projections/events/upcasters.ts';
import { OrderedMap } from '../../projections/state/ordered-map.ts';
import type { Projection } from '../../projections/state/projection.ts';
import type { Batch } from '../log/commit.ts';

/** A fold threw: from this position on, the read model ignores the organisation's events. */
export interface FoldFault {
  readonly projection: string;
  readonly organizationId: string;
  readonly position: number;
}

/** The state of a projection, and the organisations for which it has stopped. Immutable. */
export interface Folded<S> {
  readonly state: S;
  /** By organisation, in the order in which they stopped. */
  readonly faults: OrderedMap<FoldFault>;
}

/** Called once for each fault, with the error that the fold threw. */
export type OnFault = (fault: FoldFault, error: unknown) => void;

export function foldedFrom<S>(state: S): Folded<S> {
  return { state, faults: OrderedMap.empty() };
}

/**
 * Folds a commit atomically. If the fold throws, the organisation of the event is stopped, and the commit is folded
 * again without that organisation's events.
 */
export function foldCommit<S>(
  projection: Projection<S>,
  before: Folded<S>,
  batch: Batch,
  onFault: OnFault = () => {},
): Folded<S> {
  const { faults } = before;
  let { state } = before;
  for (const event of batch.events) {
    if (faults.size > 0 && faults.has(event.organizationId)) continue;
    try {
      if (isFromTheFuture(event)) throw new Error(`A newer version wrote ${event.type} as schema ${event.schema}.`);
      state = projection.on(state, event);
    } catch (error) {
      const fault = faultAt(projection, event);
      onFault(fault, error);
      const stopped = { ...before, faults: faults.set(fault.organizationId, fault, fault.position) };
      return foldCommit(projection, stopped, batch, onFault);
    }
  }
  return state === before.state ? before : { state, faults };
}

function faultAt({ name }: Pick<Projection<unknown>, 'name'>, { organizationId, position }: RecordedEvent): FoldFault {
  return { projection: name, organizationId, position };
}
