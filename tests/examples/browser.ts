// A real browser for the tests of pages, and what a page must never do in it.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** What is missing where there is no browser. */
export const noBrowser =
  !existsSync(executablePath) && `there is no Chromium at ${executablePath} (install it, or set CHROMIUM to its path)`;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface WatchedPage extends Page {
  /** What went wrong on the page: errors, and whatever it wrote to the console. */
  readonly complaints: string[];
  /** Where its requests and sockets went, each origin once. */
  readonly origins: Set<string>;
}

/** What the pages of a test file share, as the windows of one person do. Each would take twice as long to open by itself. */
export function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ reducedMotion: 'reduce' });
}

/** A new page, without animations. */
export async function newPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  const visit = (url: string) => origins.add(new URL(url.replace(/^ws/, 'http')).origin);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => visit(request.url()));
  page.on('websocket', (socket) => visit(socket.url()));
  return Object.assign(page, { complaints, origins });
}

/**
 * The texts on the page that contrast too little with what is behind them (WCAG AA: 4.5 to 1). It runs in the page and is
 * given as text, because tests know no DOM.
 */
export const FAINT_TEXTS = `
  (() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const linear = (channel) => channel <= 10 ? channel / 3294.6 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    const isOpaque = (color) => (channels(color)[3] ?? 1) === 1;
    const behind = (element) => {
      const { backgroundColor } = getComputedStyle(element);
      return isOpaque(backgroundColor) || !element.parentElement ? backgroundColor : behind(element.parentElement);
    };
    const contrast = (element) => {
      const [dark, light] = [getComputedStyle(element).color, behind(element)]
        .map((color) => luminance(channels(color)))
        .sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const hasText = ({ childNodes }) => [...childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    const shown = [...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility());
    return shown
      .filter((element) => (hasText(element) || element.matches('input')) && contrast(element) < 4.5)
      .map((element) => (element.value ?? element.textContent) + ' ' + contrast(element).toFixed(2));
  })()
`;
