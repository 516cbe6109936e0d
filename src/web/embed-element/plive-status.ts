// `<plive-status src="https://status.example.org">` on a page of another site: what is the matter there, as a link to it.
import { BADGE_COLOURS } from '../badge/colours.ts';

/** How often it asks while somebody looks, in milliseconds. */
const PAUSE = 60_000;

/** The silhouettes of trouble; calm is a circle. A page of another site may allow no styles but those that a script sets. */
const OUTLINES: Readonly<Record<string, string>> = {
  maintenance: 'inset(0 round 25%)',
  degraded: 'polygon(50% 5%,100% 95%,0 95%)',
  partial: 'polygon(50% 0,100% 50%,50% 100%,0 50%)',
  major: 'polygon(30% 0,70% 0,100% 30%,100% 70%,70% 100%,30% 100%,0 70%,0 30%)',
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(
  ':host{display:inline-block;max-width:100%}' +
    'a{display:inline-flex;align-items:center;gap:.5em;padding:.3em .9em;border-radius:2em;font:600 .875rem/1.4 system-ui,sans-serif;text-decoration:none}' +
    'a:hover{text-decoration:underline}a:focus-visible{outline:2px solid;outline-offset:2px}' +
    'i{flex:none;width:.8em;height:.8em;forced-color-adjust:none}',
);

class PliveStatus extends HTMLElement {
  readonly #place = document.createElement('div');
  #timer?: ReturnType<typeof setInterval>;

  constructor() {
    super();
    this.#place.role = 'status';
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#place);
  }

  connectedCallback() {
    this.#timer = setInterval(this.#look, PAUSE);
    document.addEventListener('visibilitychange', this.#look);
    void this.#look();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = async () => {
    const page = this.getAttribute('src')?.replace(/\/$/, '');
    if (document.hidden || page === undefined) return;
    const ask = (query: string) => fetch(`${page}/badge.json${query}`);
    const [language] = this.lang.split('-');
    // A language that the page does not have is refused. What is not known is not shown, and what was may be true no longer.
    const badge = await ask(language ? `?lang=${language}` : '')
      .then((response) => (response.status === 400 ? ask('') : response))
      .then((response) => response.ok && response.json())
      .catch(() => {});
    this.#place.replaceChildren(...(badge ? this.#pill(page, badge) : []));
  };

  /** None while all is well, unless the attribute `always` asks for it. */
  #pill(page: string, { message, color }: { message: string; color: string }): Node[] {
    for (const [status, { light, dark }] of Object.entries(BADGE_COLOURS)) {
      const outline = OUTLINES[status];
      if (light.text !== color || !(outline || this.hasAttribute('always'))) continue;
      const pair = (of: keyof typeof light) => `light-dark(${light[of]},${dark[of]})`;
      const link = document.createElement('a');
      const mark = document.createElement('i');
      link.href = page;
      link.style.color = pair('text');
      link.style.background = pair('tint');
      mark.style.background = pair('mark');
      mark.style.clipPath = outline ?? 'circle()';
      link.append(mark, message);
      return [link];
    }
    return [];
  }
}

if (!customElements.get('plive-status')) customElements.define('plive-status', PliveStatus);
