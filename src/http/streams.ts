// Sends streamed responses at the speed of their clients (back-pressure). A client that stops reading is disconnected.
import { once, setMaxListeners } from 'node:events';
import type { Response } from 'express';
import type { StreamedBody } from './route.ts';

export interface StreamTerms {
  /** Maximum number of open streams. */
  readonly maxStreams: number;
  /** Aborts when the server shuts down. */
  readonly closing: AbortSignal;
  /** How long a client may leave written data unread, in milliseconds. Default: 30 seconds. */
  readonly readTimeout?: number;
}

/** How long a client may leave written data unread, in milliseconds. */
const READ_TIMEOUT = 30_000;

export class Streams {
  readonly #terms: Required<StreamTerms>;
  #open = 0;

  constructor(terms: StreamTerms) {
    this.#terms = { readTimeout: READ_TIMEOUT, ...terms };
    setMaxListeners(this.#terms.maxStreams, this.#terms.closing);
  }

  get areFull(): boolean {
    return this.#open >= this.#terms.maxStreams;
  }

  /**
   * Resolves when the response is complete or the client is gone. Rejects if the body fails. The caller must then
   * destroy the connection, so that the client does not take a part for the whole.
   */
  async send(response: Response, body: StreamedBody): Promise<void> {
    const { closing, readTimeout } = this.#terms;
    const ended = new AbortController();
    const end = () => ended.abort();
    response.once('close', end);
    if (body.live && closing.aborted) end();
    else if (body.live) closing.addEventListener('abort', end);
    const release = body.whenEnded?.(end);
    const heartbeat = startHeartbeat(response, body);
    this.#open += 1;
    try {
      for await (const chunk of body.chunks(ended.signal)) {
        if (ended.signal.aborted) break;
        if (!response.write(chunk)) await drained(response, ended.signal, readTimeout);
      }
      finish(response, ended.signal.aborted, body);
    } catch (error) {
      if (!ended.signal.aborted) throw error;
      response.destroy();
    } finally {
      this.#open -= 1;
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
