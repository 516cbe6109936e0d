// Links that are copied instead of followed.
import { element } from './elements.ts';
import { words } from './texts.ts';

/** How long it is said that the link was copied, in milliseconds. */
const SAID = 2_000;

export function startCopyLinks(): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-copy]') : null;
    // Without a clipboard, and where a new window is asked for, it is a link like any other.
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(
      () => sayCopied(link),
      () => link.focus(),
    );
  });
}

function sayCopied(link: HTMLAnchorElement): void {
  const note = element('output', { class: 'copied', 'data-own': '' });
  link.after(note);
  // A screen reader hears what changes in an output, not that one has come.
  requestAnimationFrame(() => {
    note.textContent = words().copied;
  });
  setTimeout(() => note.remove(), SAID);
}
