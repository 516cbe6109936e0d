// How fresh a page is, in one word. No clock, no page.

/** What is known of the connection. Times are in milliseconds since the epoch. */
export interface Signs {
  /** Whether there is a socket in the room of the page. */
  readonly isJoined: boolean;
  /** Whether the server has left the last question on the socket without an answer. */
  readonly isSilent: boolean;
  /** Whether the last fetch of the page has failed. */
  readonly isBehind: boolean;
  /** When the page was last known to be as it is on the server. */
  readonly heardAt: number;
  /** When a fetch last said so, where no socket comes; `undefined` while one may come. */
  readonly polledAt: number | undefined;
  /** When the page was opened. */
  readonly openedAt: number;
}

/** `opening`: nothing can be said yet. */
export type ConnectionState = 'opening' | 'live' | 'reconnecting' | 'stale';

/** How long a socket may take to come, or the fetch that is asked where none does, in milliseconds. */
const OPENING = 7_000;
/** From here on a page is old. It is a little longer than from one poll to the next. */
export const STALE = 32_000;

export function stateOf(
  { isJoined, isSilent, isBehind, heardAt, polledAt, openedAt }: Signs,
  now: number,
): ConnectionState {
  if (isJoined && !isSilent && !isBehind) return 'live';
  if (now - heardAt > STALE) return 'stale';
  if (!isBehind && polledAt !== undefined && polledAt >= heardAt) return 'live';
  return now - openedAt < OPENING ? 'opening' : 'reconnecting';
}
