// Says what is new above what the reader looks at, instead of moving it.
import { filled } from '../../text/fill.ts';
import { element } from './elements.ts';
import { words } from './texts.ts';

const pill = element('button', { class: 'new-above', type: 'button', 'data-own': '' });
pill.addEventListener('click', () => scrollTo({ top: 0 }));

/** The answer of the page has changed to this. Says nothing to readers who see it. */
export function tellAbove(headline: string): void {
  pill.textContent = `${filled(words().newAbove, { text: headline })} ↑`;
  if (!isAnswerSeen()) document.body.append(pill);
}

export function startAbove(): void {
  addEventListener('scroll', () => pill.isConnected && isAnswerSeen() && pill.remove(), { passive: true });
}

function isAnswerSeen(): boolean {
  const answer = document.querySelector('#headline');
  return answer === null || answer.getBoundingClientRect().bottom > 0;
}
