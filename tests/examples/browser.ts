// A real browser for the tests of pages, and what a page must never do in it.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** What is missing where there is no browser. */
export const noBrowser =
  !existsSync(executablePath) && `there is no Chromium at ${executablePath} (install it, or set CHROMIUM to its path)`;

/** `more`: further options of its command line. */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...more] });
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
