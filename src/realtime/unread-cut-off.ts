// Disconnects clients that leave too much data unread. They can reconnect and resume.
import { exhaustMap, fromEvent, interval, type Observable, takeUntil, takeWhile } from 'rxjs';
import type { Server } from 'socket.io';
import { Unread, type UnreadTerms } from './unread.ts';

/** How often clients are checked, in milliseconds. */
const INTERVAL = 1_000;

/** Checks all clients periodically until `closed$` emits. */
export function cutOffUnread(io: Server, terms: UnreadTerms, closed$: Observable<void>): void {
  const unread = new Unread(terms);
  // The timer runs only while clients are connected, so a server that fails to open its log leaves no timer running.
  const checks$ = interval(INTERVAL).pipe(takeWhile(() => io.sockets.sockets.size > 0));
  fromEvent(io.sockets, 'connection')
    .pipe(
      exhaustMap(() => checks$),
      takeUntil(closed$),
    )
    .subscribe(() => {
      for (const { conn } of io.sockets.sockets.values()) if (unread.isTooMuch(conn)) conn.close(true);
    });
}
