// The script of the page that checks the record: the form, the progress, and what was found.
import type { ChainHead } from '../../../projections/chain/chain.ts';
import type { CheckWords } from '../../text/words/words.ts';
import { checkExport } from './check-export.ts';
import { element } from './elements.ts';
import { type CheckReport, createTeller } from './tell-check.ts';

const HEAD = /^\s*(\d{1,15}):([0-9a-f]{64})\s*$/;

const section = document.querySelector<HTMLElement>('[data-check]');
if (section) start(section);

function start(check: HTMLElement): void {
  const words = JSON.parse(check.dataset.texts ?? '{}') as CheckWords;
  const { tell, progress } = createTeller(words);
  const form = part<HTMLFormElement>(check, 'form');
  const field = part<HTMLInputElement>(check, 'input');
  const button = part<HTMLButtonElement>(check, 'button');
  const bar = part<HTMLProgressElement>(check, 'progress');
  const soFar = part<HTMLElement>(check, '.so-far');
  const verdict = part<HTMLElement>(check, '.verdict');
  const found = part<HTMLElement>(check, '.found');
  const shown = headIn(check.dataset.head ?? '');
  let going: AbortController | undefined;

  // Every page leads here with the head that it has.
  const brought = location.hash.slice(1).replace('%3A', ':');
  if (headIn(brought)) field.value = brought;
  check.hidden = false;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (going) going.abort();
    else void run();
  });

  async function run(): Promise<void> {
    const noted = headIn(field.value);
    const isWrong = !noted && field.value.trim() !== '';
    field.setAttribute('aria-invalid', String(isWrong));
    if (isWrong) {
      show({ state: 'open', verdict: words.noHead, more: [] });
      field.focus();
      return;
    }
    const heads = distinct([shown, noted]);
    going = new AbortController();
    button.textContent = words.stop;
    show({ state: 'open', verdict: '', more: [] });
    reached(0, 0);
    const end = await checkExport({
      address: check.dataset.export ?? '',
      heads,
      signal: going.signal,
      reached,
    });
    going = undefined;
    bar.hidden = true;
    soFar.textContent = '';
    button.textContent = words.again;
    show(tell(end, heads));
  }

  /** The head that the page shows is about the end: what comes after it is for members, or new. */
  function reached(position: number, events: number): void {
    bar.hidden = false;
    bar.max = Math.max(shown?.position ?? 0, position, 1);
    bar.value = position;
    soFar.textContent = progress(position, events);
  }

  function show({ state, verdict: text, more }: CheckReport): void {
    check.dataset.state = state;
    verdict.textContent = text;
    found.replaceChildren(...more.map((each) => element('li', {}, [each])));
  }
}

function part<E extends Element>(root: ParentNode, selector: string): E {
  const found = root.querySelector<E>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

function headIn(text: string): ChainHead | undefined {
  const [, position, hash] = HEAD.exec(text) ?? [];
  return position === undefined || hash === undefined ? undefined : { position: Number(position), hash };
}

function distinct(heads: readonly (ChainHead | undefined)[]): readonly ChainHead[] {
  const known = heads.filter((head) => head !== undefined);
  return [...new Map(known.map((head) => [`${head.position}:${head.hash}`, head])).values()];
}
