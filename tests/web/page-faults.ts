// What a page of readers must be whatever it shows, as checks of an open page in a browser. Each returns what is wrong.
import axe from 'axe-core';
import { HtmlValidate } from 'html-validate';
import type { Page } from 'playwright-core';
import { FAINT_SHAPES, FAINT_TEXTS } from './contrast.ts';

/**
 * What axe finds, all that can be opened opened. It runs in the page itself: axe's own package for Playwright puts it into
 * each page anew each time, and carries over what fits as well, which takes three times as long.
 */
export async function axeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  return page.evaluate(FAULTS_BY_AXE);
}

const FAULTS_BY_AXE = `
  (async () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary),
    );
  })()
`;

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // These are what preact writes, which means the same.
    'doctype-style': 'off',
    'void-style': 'off',
    'no-raw-characters': 'off',
  },
});

/** What is no valid HTML. */
export async function htmlFaults(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${ruleId}: ${message} (${line}:${column})`),
  );
}

/** Texts, bars and glyphs that are too faint, and elements out of order. */
export async function lookFaults(page: Page): Promise<string[]> {
  const found: string[][] = [];
  for (const faults of [FAINT_TEXTS, FAINT_SHAPES, OUT_OF_ORDER]) found.push(await page.evaluate(faults));
  return found.flat();
}

/** Elements that end beyond an edge of the window, and what cuts its content off, at each of these widths. */
export async function overflows(page: Page, widths: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    for (const faults of [BEYOND_EDGES, CUT_OFF]) {
      for (const fault of await page.evaluate<string[]>(faults)) found.push(`${width}: ${fault}`);
    }
  }
  return found;
}

/** One main heading, no level skipped, no id twice. */
const OUT_OF_ORDER = `
  (() => {
    const faults = [];
    const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ localName }) => Number(localName[1]));
    if (headings.filter((level) => level === 1).length !== 1) faults.push('h1: ' + headings);
    if (headings.some((level, index) => level > (headings[index - 1] ?? 0) + 1)) faults.push('skipped: ' + headings);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    if (new Set(ids).size !== ids.length) faults.push('ids: ' + ids);
    return faults;
  })()
`;

/** The innermost elements that end beyond an edge. What is for screen readers alone may be anywhere, and wide tables scroll. */
const BEYOND_EDGES = `
  (() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const isBeyond = ({ left, right, width }) => width > 0 && (right > clientWidth + 0.5 || left < -0.5);
    const isScrolled = (element) =>
      element !== null && (getComputedStyle(element).overflowX === 'auto' || isScrolled(element.parentElement));
    const all = [...document.body.querySelectorAll('*:not(.hidden, .hidden *, .skip, .sprite *)')]
      .filter((element) => element.checkVisibility() && isBeyond(element.getBoundingClientRect()) && !isScrolled(element.parentElement));
    const beyond = all
      .filter((element) => !all.some((other) => other.parentElement === element))
      .map((element) => element.localName + '.' + element.className + ' ' + element.textContent.slice(0, 60));
    return scrollWidth > clientWidth ? ['it scrolls to ' + scrollWidth, ...beyond] : beyond;
  })()
`;

/** Elements that hide a part of what is in them, at their side, and do not scroll. */
const CUT_OFF = `
  [...document.body.querySelectorAll('*:not(.hidden, .hidden *, .skip, svg, svg *)')]
    .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
    .filter((element) => ['hidden', 'clip'].includes(getComputedStyle(element).overflowX))
    .map((element) => 'cuts ' + element.localName + '.' + element.className + ' at ' + element.clientWidth + ' of ' + element.scrollWidth)
`;
