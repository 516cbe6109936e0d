// Says whether the page is live: in the live word, and once it is old in a bar and in the title.
import { filled } from '../../text/fill.ts';
import { now } from './clock.ts';
import { type ConnectionState, type Signs, stateOf } from './connection-state.ts';
import { element } from './elements.ts';
import { formatsIn, words } from './texts.ts';
import { isWall } from './wall.ts';
import { readerZone } from './zone.ts';

export interface Connection {
  /** Takes note of what has become known. */
  sign(signs: Partial<Signs>): void;
  /** There was a sign of the server: the page is as it is there, unless the last fetch has failed. */
  heard(): void;
  /** The page was fetched in vain. `isThere`: the server itself says that it cannot. */
  failed(isThere: boolean): void;
  /** Says it again, after the page has changed. */
  show(): void;
  readonly state: ConnectionState;
}

interface Handlers {
  readonly tryAgain: () => void;
  readonly changed: (state: ConnectionState) => void;
}

/** How often to look while the page is not live, in milliseconds. */
const LOOK = 1_000;
/** After this long without the server the answer itself is in doubt, in milliseconds. */
const DOUBT = 600_000;

const GLYPH = '.answer .glyph use';

export function createConnection({ tryAgain, changed }: Handlers): Connection {
  let signs: Signs = {
    isJoined: false,
    isSilent: false,
    isBehind: false,
    heardAt: now(),
    polledAt: undefined,
    openedAt: now(),
  };
  let state: ConnectionState = 'opening';
  let isFaulty = false;
  let looking: ReturnType<typeof setTimeout> | undefined;

  function look(): void {
    clearTimeout(looking);
    const next = stateOf(signs, now());
    const hasChanged = next !== state;
    state = next;
    show();
    if (hasChanged) changed(state);
    if (state !== 'live' && !document.hidden) looking = setTimeout(look, LOOK);
  }

  function show(): void {
    document.documentElement.dataset.connection = state;
    sayWord(state);
    if (state === 'stale') showStale();
    else showCurrent();
  }

  function showStale(): void {
    const time = formatsIn(readerZone()).time(new Date(signs.heardAt).toISOString());
    showBar(filled(isFaulty ? words().fault : words().stale, { time }), tryAgain);
    const mark = `${words().old} `;
    if (!document.title.startsWith(mark)) document.title = mark + document.title;
    if (now() - signs.heardAt > DOUBT) doubt();
  }

  document.addEventListener('visibilitychange', look);
  look();
  return {
    sign(known) {
      signs = { ...signs, ...known };
      look();
    },
    heard() {
      if (signs.isBehind) return;
      signs = { ...signs, heardAt: now() };
      if (state !== 'live') look();
    },
    failed(isThere) {
      isFaulty = isThere;
      signs = { ...signs, isBehind: true };
      look();
    },
    show,
    get state() {
      return state;
    },
  };
}

function sayWord(state: ConnectionState): void {
  const place = document.querySelector('[data-live-word]');
  if (!place) return;
  const { live, reconnecting, outdated } = words();
  const word = { opening: '', live, reconnecting, stale: outdated }[state];
  if (place.textContent !== word) place.textContent = word;
}

/** A wall has a frame that says it, and nobody to press a button. */
function showBar(text: string, tryAgain: () => void): void {
  if (isWall()) return;
  const known = document.querySelector('.stale p');
  put(known, text);
  if (known) return;
  const button = element('button', { class: 'button', type: 'button' }, [words().tryAgain]);
  button.addEventListener('click', tryAgain);
  const bar = element('div', { class: 'stale', role: 'status', 'data-own': '' }, [element('p', {}, [text]), button]);
  document.querySelector('main')?.prepend(bar);
}

function showCurrent(): void {
  document.querySelector('.stale')?.remove();
  const mark = `${words().old} `;
  if (document.title.startsWith(mark)) document.title = document.title.slice(mark.length);
  const use = document.querySelector<SVGUseElement>(`${GLYPH}[data-known]`);
  if (use) use.setAttribute('href', use.dataset.known ?? '');
  use?.removeAttribute('data-known');
}

/** The shape of what is not known, in place of the state that the page had. */
function doubt(): void {
  const use = document.querySelector<SVGUseElement>(`${GLYPH}:not([data-known])`);
  if (!use) return;
  use.dataset.known = use.getAttribute('href') ?? '';
  use.setAttribute('href', '#unknown');
}

function put(place: Element | null, text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}
