// Fetches the address of the page again, one request at a time. The answer comes as a document: there is no HTML text.
import { learnTime } from './clock.ts';
import { pauseAfter, SPREAD, waitFor } from './delays.ts';

interface Handlers {
  /** The last position that was heard of: the page is not to be older, whichever server of several answers. 0 for none. */
  readonly heard: () => number;
  /** The page as it is now. */
  readonly changed: (fetched: Document) => void;
  /** The page is as it is. Called after `changed` too. */
  readonly confirmed: () => void;
  /** There was no answer, or one that says nothing about the page. `status` is 0 without an answer. */
  readonly failed: (status: number) => void;
}

export interface Refresher {
  /** Fetches the page soon: after a random part of `spread`, in milliseconds. A hidden page waits until it is seen. */
  ask(spread?: number): void;
}

/** How long to wait for an answer, in milliseconds. */
const PATIENCE = 15_000;

export function createRefresher({ heard, changed, confirmed, failed }: Handlers): Refresher {
  let etag: string | null = null;
  let waiting: { readonly timer: ReturnType<typeof setTimeout>; readonly due: number } | undefined;
  let isAsking = false;
  let isAskedAgain = false;
  let notBefore = 0;

  function ask(spread = SPREAD): void {
    if (document.hidden || isAsking) {
      isAskedAgain = true;
      return;
    }
    const wait = waitFor(spread, { now: Date.now(), notBefore, random: Math.random() });
    const due = Date.now() + wait;
    if (waiting && waiting.due <= due) return;
    clearTimeout(waiting?.timer);
    waiting = { timer: setTimeout(fetchPage, wait), due };
  }

  function fetchPage(): void {
    waiting = undefined;
    isAsking = true;
    isAskedAgain = false;
    const request = new XMLHttpRequest();
    request.open('GET', location.pathname + location.search);
    request.responseType = 'document';
    request.timeout = PATIENCE;
    request.setRequestHeader('Accept', 'text/html');
    if (etag !== null) request.setRequestHeader('If-None-Match', etag);
    if (heard() > 0) request.setRequestHeader('X-Log-Position', String(heard()));
    request.onloadend = () => {
      isAsking = false;
      notBefore = Date.now() + pauseAfter(request.getResponseHeader('Retry-After'), Date.now());
      take(request);
      if (isAskedAgain && !document.hidden) ask();
    };
    request.send();
  }

  function take(request: XMLHttpRequest): void {
    learnTime(request.getResponseHeader('Date'));
    const fetched = pageOf(request);
    if (request.status === 304) confirmed();
    else if (isElsewhere(request, fetched)) location.reload();
    else if (!fetched) failed(request.status);
    else {
      etag = request.getResponseHeader('ETag');
      changed(fetched);
      confirmed();
    }
  }

  document.addEventListener('visibilitychange', () => {
    if (isAskedAgain && !document.hidden) ask();
  });
  return { ask };
}

/** The page in an answer. `undefined` if there is none, as where something else answers in place of the server. */
function pageOf(request: XMLHttpRequest): Document | undefined {
  const { status } = request;
  // Of anything but HTML a browser would make a document that reports an error, with styles that are not allowed here.
  if (status !== 200 || !request.getResponseHeader('Content-Type')?.startsWith('text/html')) return undefined;
  const { responseXML } = request;
  return responseXML && scriptOf(responseXML) !== undefined ? responseXML : undefined;
}

/** Whether the address leads to another page now, to none, or to a server of another version. */
function isElsewhere({ status, responseURL }: XMLHttpRequest, fetched: Document | undefined): boolean {
  if (status === 404 || status === 410) return true;
  if (!fetched) return false;
  return new URL(responseURL).pathname !== location.pathname || scriptOf(fetched) !== scriptOf(document);
}

function scriptOf(page: Document): string | undefined {
  return page.querySelector('script[src]')?.getAttribute('src') ?? undefined;
}
