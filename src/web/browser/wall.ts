// A page on a wall: it turns its pages by itself, hides the pointer, keeps the screen awake and spares it.
import { filled } from '../../text/fill.ts';
import { words } from './texts.ts';

/** How long a page of tiles is shown, in milliseconds. */
const TURN = 20_000;
/** How long the pointer is seen after it has moved, in milliseconds. */
const POINTER = 3_000;
/** How often the picture moves a little, against burning in, in milliseconds. */
const SHIFT = 60_000;
/** Where to, in pixels. */
const SHIFTS = ['0px 0px', '2px 0px', '2px 2px', '0px 2px'];

/** The last of the densities of the stylesheet, which begin with 0. */
const DENSEST = 4;

let turned = 0;

export function isWall(): boolean {
  return document.body.dataset.wall !== undefined;
}

/** Does nothing on a page that is for readers. */
export function startWall(): void {
  if (!isWall()) return;
  showTiles();
  addEventListener('resize', showTiles);
  setInterval(() => {
    turned += 1;
    showTiles();
  }, TURN);
  setInterval(shift, SHIFT);
  hidePointer();
  stayAwake();
  document.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    if (key !== 'f' || ctrlKey || metaKey || altKey) return;
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
    change.catch(() => undefined);
  });
}

/** Shows as many tiles as fit. While something is down it is the first ones, which have it. */
export function showTiles(): void {
  const wall = document.querySelector<HTMLElement>('[data-tiles]');
  if (!wall) return;
  const tiles = [...wall.children].filter((tile) => tile instanceof HTMLElement);
  for (const tile of tiles) tile.hidden = false;
  const fitting = fittingOf(wall, tiles) || tiles.length;
  const pages = Math.max(Math.ceil(tiles.length / fitting), 1);
  const page = wall.querySelector('.major') ? 0 : turned % pages;
  for (const [index, tile] of tiles.entries()) tile.hidden = Math.floor(index / fitting) !== page;
  const place = document.querySelector('[data-wall-page]');
  const text = pages === 1 ? '' : filled(words().wallPage, { page: String(page + 1), total: String(pages) });
  if (place && place.textContent !== text) place.textContent = text;
}

/** How many tiles fit into the wall: as large as they can be for all to fit, else as many as can. */
function fittingOf(wall: HTMLElement, tiles: readonly HTMLElement[]): number {
  let fitting = 0;
  for (let density = 0; density <= DENSEST && fitting < tiles.length; density += 1) {
    wall.dataset.density = String(density);
    const bottom = wall.getBoundingClientRect().bottom + 1;
    fitting = tiles.filter((tile) => tile.getBoundingClientRect().bottom <= bottom).length;
  }
  return fitting;
}

let shifts = 0;

function shift(): void {
  shifts += 1;
  document.documentElement.style.setProperty('translate', SHIFTS[shifts % SHIFTS.length] ?? 'none');
}

function hidePointer(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { classList } = document.documentElement;
  const moved = () => {
    classList.remove('no-pointer');
    clearTimeout(timer);
    timer = setTimeout(() => classList.add('no-pointer'), POINTER);
  };
  document.addEventListener('pointermove', moved);
  moved();
}

/** The browser lets the screen sleep again whenever the page is hidden. */
function stayAwake(): void {
  const wake = () => {
    if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', wake);
  wake();
}
