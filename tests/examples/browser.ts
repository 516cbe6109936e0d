// A real browser for the tests of pages, and what a page must never do in it.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** What is missing where there is no browser. */
export const noBrowser =
  !existsSync(executablePath) && `there is no Chromium at ${executablePath} (install it, or set CHROMIUM to its path)`;

/** With few processes: a page takes longer to start one than to load. Sites in a frame still have their own. */
const FEW_PROCESSES = ['--renderer-process-limit=1', '--in-process-gpu'];

/** `more`: further options of its command line. */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...FEW_PROCESSES, ...more] });
}

/** Of a page, as Playwright makes it. */
const SIZE = { width: 1280, height: 720 };

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

/**
 * The page for the next test of a file: nothing that it has stored, intercepted or complained of is left. It goes on showing
 * what it shows, until it is sent elsewhere. A new page takes the browser four times as long. What cannot be undone, such
 * as a clock or an intercepted WebSocket, needs a page of its own.
 */
export async function renew(page: WatchedPage): Promise<void> {
  await page.unrouteAll();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
  await page.context().clearCookies();
  await page.emulateMedia({ media: null, colorScheme: null });
  await page.setViewportSize(SIZE);
  page.complaints.splice(0);
  page.origins.clear();
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
