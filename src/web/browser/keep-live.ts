// Keeps an open page as a fresh one would be: whatever is heard, the page itself is fetched and takes the place of the old.
import { seen, tellChanges } from './changes.ts';
import { now } from './clock.ts';
import { createConnection } from './connection.ts';
import { POLL, SPREAD_OF_ALL, waitUntil } from './delays.ts';
import { follow, type Live } from './live.ts';
import { morphInto } from './morph.ts';
import { createRefresher } from './refresh.ts';
import { createTicker } from './times.ts';

interface Handlers {
  /** Makes of the server's page the reader's. Called with a page before and after it takes the place of the old one. */
  readonly dress: (page: Document) => void;
  /** The page has taken the place of the old one. */
  readonly changed: () => void;
}

/** After this long out of sight a page asks, whatever it has heard. In milliseconds. */
const ABSENCE = 30_000;
/** When a socket should have come, in milliseconds. */
const LATE = 5_000;
/** How long after a failure a page asks again, in milliseconds. */
const RETRY = 5_000;
/** How often a page asks again that should have changed by now. */
const ATTEMPTS = 3;

export function keepLive(room: string, { dress, changed }: Handlers): void {
  let live: Live | undefined;
  let isLoading = false;
  let isJoined = false;
  let wasLost = false;
  let hasFailed = false;
  let position = shownPosition();
  /** In which log the position is, as the room told. */
  let log: string | undefined;
  /** The last position that this connection told of. After another one the log may have begun anew. */
  let heardAt = 0;
  /** How many changes came while nobody looked. */
  let missed = 0;
  let hiddenAt = now();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asked = { until: '', times: 0 };

  const refresher = createRefresher({ heard: () => heardAt, changed: show, confirmed, failed });
  const connection = createConnection({ tryAgain, changed: () => tick() });
  const tick = createTicker(() => connection.state === 'stale');

  function show(fetched: Document): void {
    const before = seen();
    dress(fetched);
    morphInto(fetched);
    dress(document);
    changed();
    position = Math.max(position, shownPosition());
    connection.show();
    tellChanges(before, missed);
    missed = 0;
    tick();
  }

  function confirmed(): void {
    const at = now();
    connection.sign({ isBehind: false, heardAt: at, ...(isJoined ? {} : { polledAt: at }) });
    if (hasFailed) live?.retry();
    hasFailed = false;
    if (!live) connect();
    askInTime();
  }

  function failed(status: number): void {
    hasFailed = true;
    connection.failed(status >= 500);
    // Without a socket it polls anyway.
    if (isJoined) setTimeout(() => refresher.ask(), RETRY);
  }

  /** Asks again at the moment for which the page has announced a change, and a little later than others. */
  function askInTime(): void {
    clearTimeout(waiting);
    const { until = '' } = document.body.dataset;
    if (until === '') return;
    if (until !== asked.until) asked = { until, times: 0 };
    if (asked.times === ATTEMPTS) return;
    const wait = waitUntil(until, now());
    waiting = setTimeout(() => {
      asked.times += 1;
      refresher.ask(SPREAD_OF_ALL);
    }, wait ?? SPREAD_OF_ALL);
  }

  function connect(): void {
    if (isLoading) return;
    isLoading = true;
    follow(room, {
      shown: () => ({ position, log }),
      joined(joins) {
        isJoined = joins;
        if (!joins) heardAt = 0;
        connection.sign({ isJoined });
        // Not all that a page shows is told in its room, and a log may have begun anew.
        if (joins && wasLost) refresher.ask(SPREAD_OF_ALL);
        wasLost = !joins;
      },
      silent: (isSilent) => connection.sign({ isSilent }),
      heard: connection.heard,
      changed({ position: at, log: of }, isWhole) {
        if (at <= position && !isWhole) return;
        position = isWhole ? at : Math.max(position, at);
        log = of;
        heardAt = position;
        if (document.hidden) missed += 1;
        refresher.ask();
      },
    }).then(
      (following) => {
        live = following;
      },
      () => {
        isLoading = false;
      },
    );
  }

  function tryAgain(): void {
    refresher.ask(0);
    live?.retry();
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = now();
    else if (now() - hiddenAt > ABSENCE) tryAgain();
    else live?.retry();
  });
  document.addEventListener('resume', tryAgain);
  addEventListener('online', tryAgain);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) tryAgain();
  });
  setInterval(() => {
    if (!isJoined) refresher.ask();
  }, POLL);
  // A fetch says that the server is there, where no socket says it.
  setTimeout(() => {
    if (!isJoined) refresher.ask();
  }, LATE);
  askInTime();
  whenIdle(connect);
}

function shownPosition(): number {
  return Number(document.body.dataset.position ?? 0);
}

/** After the page has been painted, and when there is nothing else to do. */
function whenIdle(work: () => void): void {
  const soon = () =>
    'requestIdleCallback' in window ? requestIdleCallback(work, { timeout: 2_000 }) : setTimeout(work, 200);
  if (document.readyState === 'complete') soon();
  else addEventListener('load', soon, { once: true });
}
