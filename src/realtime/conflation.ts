// Conflation: of what comes thick and fast only the latest counts.
import {
  asyncScheduler,
  debounceTime,
  groupBy,
  mergeMap,
  type Observable,
  type SchedulerLike,
  throttleTime,
} from 'rxjs';

/**
 * Of each room's updates the first one at once, then the latest at most every `interval` milliseconds; the last one is
 * never lost. A room that was silent for long is forgotten.
 */
export function conflated<U extends { readonly room: string }>(
  updates$: Observable<U>,
  interval: number,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<U> {
  const isSilent = (room$: Observable<U>) => room$.pipe(debounceTime(2 * interval, scheduler));
  return updates$.pipe(
    groupBy(({ room }) => room, { duration: isSilent }),
    mergeMap((room$) => room$.pipe(throttleTime(interval, scheduler, { leading: true, trailing: true }))),
  );
}
