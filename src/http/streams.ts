// Sends streamed responses at the speed of their clients (back-pressure). A client that stops reading is disconnected.
import { once, setMaxListeners } from 'node:events';
import type { Response } from 'express';
import type { NoPlace, Places } from '../bounds/places.ts';
import type { Payer } from '../bounds/turns.ts';
import type { Problem } from './problem.ts';
import type { StreamedBody } from './route.ts';

export interface StreamTerms {
  /** How many endless streams, and how many exports, can be open. */
  readonly places: { readonly live: Places; readonly finite: Places };
  /** Aborts when the server shuts down. */
  readonly closing: AbortSignal;
  /** How long a client may leave written data unread, in milliseconds. Default: 30 seconds. */
  readonly readTimeout?: number;
}

/** How long a client may leave written data unread, in milliseconds. */
const READ_TIMEOUT = 30_000;

const NO_PLACE: Readonly<Record<NoPlace, Problem>> = {
  payer: {
    problem: 'too-many-streams',
    detail: 'This address or credential has as many streams or exports open as it may; close another one first.',
    headers: { 'Retry-After': '10' },
  },
  all: {
    problem: 'overloaded',
    detail: 'Too many streams are open; try again in a moment.',
    headers: { 'Retry-After': '10' },
  },
};

export class Streams {
  readonly #terms: Required<StreamTerms>;

  constructor(terms: StreamTerms) {
    this.#terms = { readTimeout: READ_TIMEOUT, ...terms };
    // A listener for each stream.
    setMaxListeners(0, this.#terms.closing);
  }

  /** Takes a place for this body. Returns a function that gives it back; a problem if there is none. */
  take({ live }: StreamedBody, payer: Payer): (() => void) | Problem {
    const { places } = this.#terms;
    const place = (live ? places.live : places.finite).take(payer);
    return typeof place === 'function' ? place : NO_PLACE[place];
  }

  /**
   * Sends the body and charges its bytes to the payer. Resolves when the response is complete or the client is gone.
   * Rejects if the body fails. The caller must then destroy the connection, so that the client does not take a part for
   * the whole.
   */
  async send(response: Response, body: StreamedBody, payer: Payer): Promise<void> {
    const { closing, readTimeout } = this.#terms;
    const ended = new AbortController();
    const end = () => ended.abort();
    response.once('close', end);
    if (body.live && closing.aborted) end();
    else if (body.live) closing.addEventListener('abort', end);
    const release = body.whenEnded?.(end);
    const heartbeat = startHeartbeat(response, body);
    try {
      for await (const chunk of body.chunks(ended.signal)) {
        if (ended.signal.aborted) break;
        payer.charge({ bytes: Buffer.byteLength(chunk) });
        if (!response.write(chunk)) await drained(response, ended.signal, readTimeout);
      }
      finish(response, ended.signal.aborted, body);
    } catch (error) {
      if (!ended.signal.aborted) throw error;
      response.destroy();
    } finally {
      clearInterval(heartbeat);
      release?.();
      closing.removeEventListener('abort', end);
      end();
    }
  }
}

/** Skips a beat while the client has unread data: that data keeps the connection alive. */
function startHeartbeat(response: Response, { live }: StreamedBody): NodeJS.Timeout | undefined {
  if (!live) return undefined;
  return setInterval(() => {
    if (!response.writableNeedDrain) response.write(live.beat);
  }, live.interval);
}

function finish(response: Response, isCut: boolean, { live }: StreamedBody): void {
  // Destroy the connection of a finite stream that was cut, so that the client notices that its end is missing.
  // A client with unread data would not read the end either.
  if (isCut && (!live || response.writableLength > 0)) response.destroy();
  else response.end();
}

async function drained(response: Response, signal: AbortSignal, readTimeout: number): Promise<void> {
  const timeout = setTimeout(() => response.destroy(), readTimeout);
  try {
    await once(response, 'drain', { signal });
  } finally {
    clearTimeout(timeout);
  }
}
