// The choices in the footer: theme and language go to the server, the clock stays in the browser.
import { filled } from '../../text/fill.ts';
import { formatsIn, words } from './texts.ts';
import { chooseZone, chosenZone, organizationZone, ZONE_CHOICES, zoneOf } from './zone.ts';

const FORM = 'form[action="/preferences"]';

/** The form as it is with a script: also on a page that is about to be shown. */
export function showPreferences(root: ParentNode): void {
  const button = root.querySelector<HTMLElement>(`${FORM} button`);
  if (button) button.hidden = true;
  const choice = root.querySelector<HTMLElement>('[data-zone-choice]');
  const select = choice instanceof HTMLSelectElement ? choice : choice?.querySelector('select');
  if (!choice || !select) return;
  choice.hidden = false;
  select.replaceChildren(...zoneOptions(select.ownerDocument));
}

/** `zoneChanged` is called when another clock was chosen. */
export function startPreferences(zoneChanged: () => void): void {
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLSelectElement)) return;
    if (target.closest('[data-zone-choice]')) {
      chooseZone(target.value);
      zoneChanged();
      return;
    }
    const form = target.closest('form');
    if (form?.matches(FORM)) form.requestSubmit();
  });
}

/** Each zone once: the reader may well be where the organisation is. */
function zoneOptions(page: Document): HTMLOptionElement[] {
  const { own } = words().zones;
  const zones = new Map<string, HTMLOptionElement>();
  for (const choice of ZONE_CHOICES) {
    const zone = zoneOf(choice);
    const { place } = formatsIn(zone);
    const isSame = zones.has(zone) || (choice === 'organization' && zone === zoneOf('own'));
    const isChosen = chosenZone() === choice;
    const known = zones.get(zone);
    if (isSame && known) {
      if (isChosen) known.toggleAttribute('selected', true);
      continue;
    }
    const option = page.createElement('option');
    option.value = choice;
    option.textContent = choice === 'own' && zone !== organizationZone() ? filled(own, { place }) : place;
    if (isChosen) option.toggleAttribute('selected', true);
    zones.set(zone, option);
  }
  return [...zones.values()];
}
