// Sends streamed answers, each as fast as its client reads and no faster: one that stops reading is cut off.
import { once, setMaxListeners } from 'node:events';
import type { Response } from 'express';
import type { StreamedBody } from './route.ts';

export interface StreamTerms {
  /** How many may be open at once. */
  readonly maxStreams: number;
  /** Aborts when the server ends. */
  readonly closing: AbortSignal;
  /** How long what was written may wait for its client to read it, in milliseconds; half a minute, unless told. */
  readonly patience?: number;
}

/** How long what was written may wait for its client to read it, in milliseconds. */
const PATIENCE = 30_000;

export class Streams {
  readonly #terms: Required<StreamTerms>;
  #open = 0;

  constructor(terms: StreamTerms) {
    this.#terms = { patience: PATIENCE, ...terms };
    setMaxListeners(this.#terms.maxStreams, this.#terms.closing);
  }

  get areFull(): boolean {
    return this.#open >= this.#terms.maxStreams;
  }

  /**
   * Resolves when the answer is complete, or nobody waits for it any more. Rejects with what making it failed with; the
   * client must then not take what it has got for the whole.
   */
  async send(response: Response, body: StreamedBody): Promise<void> {
    const { closing, patience } = this.#terms;
    const over = new AbortController();
    const end = () => over.abort();
    response.once('close', end);
    if (body.live && closing.aborted) end();
    else if (body.live) closing.addEventListener('abort', end);
    const release = body.whenEnded?.(end);
    const beating = beat(response, body);
    this.#open += 1;
    try {
      for await (const chunk of body.chunks(over.signal)) {
        if (over.signal.aborted) break;
        if (!response.write(chunk)) await drained(response, over.signal, patience);
      }
      finish(response, over.signal.aborted, body);
    } catch (error) {
      if (!over.signal.aborted) throw error;
      response.destroy();
    } finally {
      this.#open -= 1;
      clearInterval(beating);
      release?.();
      closing.removeEventListener('abort', end);
      end();
    }
  }
}

/** Whoever has not yet read what there is needs no sign of life. */
function beat(response: Response, { live }: StreamedBody): NodeJS.Timeout | undefined {
  if (!live) return undefined;
  return setInterval(() => {
    if (!response.writableNeedDrain) response.write(live.beat);
  }, live.interval);
}

function finish(response: Response, isCut: boolean, { live }: StreamedBody): void {
  // Who has not read what there is will not read the end of it either, and a part must not pass for the whole.
  if (isCut && (!live || response.writableLength > 0)) response.destroy();
  else response.end();
}

async function drained(response: Response, signal: AbortSignal, patience: number): Promise<void> {
  const impatience = setTimeout(() => response.destroy(), patience);
  try {
    await once(response, 'drain', { signal });
  } finally {
    clearTimeout(impatience);
  }
}
