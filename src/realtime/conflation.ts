// Conflation: of frequent updates, only the latest one is sent.
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
 * Emits the first update of each room at once, and then the latest one at most every `interval` milliseconds. The last
 * update is never lost. Drops the state of a room without updates for twice the interval.
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
