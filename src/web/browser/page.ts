// The script of every page: what the reader does with it, and on live pages what happens meanwhile.
import { startCopyLinks } from './copy-link.ts';
import { renewCard } from './day-card.ts';
import { showFilter, startFilter } from './filter.ts';
import { openNewlyAffected, startGroups } from './groups.ts';
import { keepLive } from './keep-live.ts';
import { startAbove } from './new-above.ts';
import { showPreferences, startPreferences } from './preferences.ts';
import { layStrips, startStrips } from './strip.ts';
import { createTicker, showTimes } from './times.ts';
import { isWall, showTiles, startWall } from './wall.ts';

start();

function start(): void {
  dress(document);
  startGroups();
  startFilter();
  startStrips();
  startCopyLinks();
  startPreferences(() => dress(document));
  startAbove();
  startWall();
  const { live, room } = document.body.dataset;
  if (live === undefined || room === undefined) createTicker(() => false);
  else keepLive(room, { dress, changed });
}

function dress(page: Document): void {
  showTimes(page);
  showPreferences(page);
  showFilter(page);
}

function changed(): void {
  openNewlyAffected();
  layStrips();
  renewCard();
  if (isWall()) showTiles();
}
