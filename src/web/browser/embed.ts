// The script of what another site shows in a frame: it stays current, and the page around it learns how high it is.
import { keepLive } from './keep-live.ts';
import { showTimes } from './times.ts';

tellHeight();
const { room } = document.body.dataset;
if (room !== undefined) {
  showTimes(document);
  keepLive(room, { dress: showTimes, changed() {} });
}

/** Whoever may show the frame may know its height, so it is told to any parent. */
function tellHeight(): void {
  if (parent === window) return;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    parent.postMessage({ type: 'plive:height', height }, '*');
  }).observe(document.body);
}
