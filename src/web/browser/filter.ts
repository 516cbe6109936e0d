// The field above a long list of services. What it looks for is in the address, so that it can be shared.
import { announce } from './changes.ts';
import { grammar, words } from './texts.ts';

const KEY = '#filter=';

/** Shows the field, and the services that match: also on a page that is about to be shown. */
export function showFilter(root: ParentNode): number {
  const field = fieldOf(root);
  if (!field) return 0;
  for (const hidden of [field, ...root.querySelectorAll<HTMLElement>('[data-filter-label]')]) hidden.hidden = false;
  const wanted = query().toLocaleLowerCase();
  let found = 0;
  for (const group of root.querySelectorAll<HTMLElement>('.services > *')) {
    const services = [...group.querySelectorAll<HTMLElement>('.service')];
    if (services.length === 0) continue;
    const ofAll = matches(group.querySelector('summary'), wanted);
    for (const service of services) {
      const isFound = ofAll || wanted === '' || matches(service, wanted);
      service.hidden = !isFound;
      if (isFound) found += 1;
    }
    group.hidden = services.every(({ hidden }) => hidden);
  }
  return found;
}

export function startFilter(): void {
  const field = fieldOf(document);
  if (field) field.value = query();
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target !== fieldOf(document)) return;
    const { pathname, search } = location;
    const hash = target.value.trim() === '' ? '' : KEY + encodeURIComponent(target.value.trim());
    history.replaceState(history.state, '', pathname + search + hash);
    const found = showFilter(document);
    for (const group of document.querySelectorAll<HTMLDetailsElement>('details.group:not([hidden])')) {
      if (hash !== '') group.open = true;
    }
    announce(found === 0 ? words().filter.none : grammar().count(found, words().filter.found));
  });
}

function fieldOf(root: ParentNode): HTMLInputElement | null {
  return root.querySelector<HTMLInputElement>('input[data-filter]');
}

function query(): string {
  const { hash } = location;
  if (!hash.startsWith(KEY)) return '';
  try {
    return decodeURIComponent(hash.slice(KEY.length));
  } catch {
    return '';
  }
}

/** Name, description and state of a service, or the name of its group: not what is drawn for screen readers. */
function matches(element: Element | null, wanted: string): boolean {
  if (!element || wanted === '') return false;
  const parts = element.matches('summary') ? [element] : element.querySelectorAll('.name, .state');
  return [...parts].some(({ textContent }) => textContent?.toLocaleLowerCase().includes(wanted));
}
