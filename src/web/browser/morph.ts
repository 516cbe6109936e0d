// Turns the page into the one that was fetched, so that what the reader does goes on: open details, focus, selection, and
// where it is scrolled to.
import { Idiomorph } from 'idiomorph';

/** In the head, what a change of the state changes. */
const OF_STATE = ['link[rel="icon"]', 'link[rel="canonical"]', 'meta'];

/** What the script alone says: a screen reader would hear it again. */
const SAID = '[data-live-word], [data-announce]';

/** Attributes of the document that the reader's choices change. */
const OF_DOCUMENT = ['lang', 'dir', 'data-theme'];

export function morphInto(fetched: Document): void {
  if (document.title !== fetched.title) document.title = fetched.title;
  for (const selector of OF_STATE) replaceAll(selector, fetched);
  for (const name of OF_DOCUMENT) copyAttribute(name, fetched.documentElement, document.documentElement);
  // It is done at once: only a head can be waited for.
  void Idiomorph.morph(document.body, fetched.body, {
    morphStyle: 'outerHTML',
    head: { style: 'none' },
    callbacks: {
      beforeNodeMorphed: (node) => !(node instanceof Element && node.matches(SAID)),
      beforeNodeRemoved: (node) => !(node instanceof Element && node.hasAttribute('data-own')),
      beforeAttributeUpdated: (name, element) => !isOfReader(name, element),
    },
  });
}

/** Which details are open, and what stands in a field. */
function isOfReader(name: string, element: Element): boolean {
  return (name === 'open' && element.localName === 'details') || (name === 'value' && element.matches('[type=search]'));
}

/** In place, so that the head keeps its order. */
function replaceAll(selector: string, fetched: Document): void {
  const old = [...document.head.querySelectorAll(selector)];
  const made = [...fetched.head.querySelectorAll(selector)];
  for (const [index, element] of made.entries()) {
    const before = old[index];
    if (before?.isEqualNode(element)) continue;
    const copy = document.importNode(element, true);
    if (before) before.replaceWith(copy);
    else document.head.append(copy);
  }
  for (const element of old.slice(made.length)) element.remove();
}

function copyAttribute(name: string, from: Element, to: Element): void {
  const value = from.getAttribute(name);
  if (value === to.getAttribute(name)) return;
  if (value === null) to.removeAttribute(name);
  else to.setAttribute(name, value);
}
