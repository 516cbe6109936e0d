// An answer that is kept in front of Express: the heads and the bytes that it is sent with, plain and compressed.
import type { Coding, Compressor } from './compressor.ts';
import { namesTag } from './headers.ts';

/** Names and values in turn, as node:http takes them. */
type Head = readonly string[];

/** An answer in one coding. */
interface Representation {
  readonly tag: string;
  readonly head: Head;
  readonly bytes: Buffer;
  readonly contentLength: string;
  /** The head of a 304. */
  readonly heldHead: Head;
}

/** What is sent. */
export interface Sent {
  readonly status: 200 | 304;
  readonly head: Head;
  readonly bytes: Buffer | undefined;
  readonly contentLength: string | undefined;
}

/** Until when an answer holds. */
export interface Validity {
  /** The position of the log at which it was made. */
  readonly since: number;
  /** Whether it would still be made so. */
  still(): boolean;
}

/** What an answer consists of. */
export interface AnswerParts {
  /** Without quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** All other headers that are the same for everyone who asks. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Less does not get smaller by much. */
const WORTH_COMPRESSING = 1_024;

export class KeptAnswer {
  readonly #parts: AnswerParts;
  readonly #compressor: Compressor;
  readonly #plain: Representation;
  readonly #compressed = new Map<Coding, Representation | 'to come'>();
  readonly #still: () => boolean;
  #heldAt: number;

  constructor(parts: AnswerParts, { since, still }: Validity, compressor: Compressor) {
    this.#parts = parts;
    this.#still = still;
    this.#heldAt = since;
    this.#compressor = compressor;
    this.#plain = represent(parts);
  }

  /** What it takes of memory at the most, in bytes. */
  get size(): number {
    return 3 * this.#plain.bytes.length + 4_096;
  }

  /** Whether it holds when this is the position of the log: asked once for each. */
  holdsAt(position: number): boolean {
    if (position === this.#heldAt) return true;
    if (!this.#still()) return false;
    this.#heldAt = position;
    return true;
  }

  /** Answers in this coding, or plainly where that is not there yet: nobody waits for it. */
  sent(coding: Coding | undefined, ifNoneMatch: string | undefined): Sent {
    const { tag, head, heldHead, bytes, contentLength } = this.#represented(coding);
    // Most send back what they were sent.
    if (ifNoneMatch !== undefined && (ifNoneMatch === tag || namesTag(ifNoneMatch, this.#parts.etag))) {
      return { status: 304, head: heldHead, bytes: undefined, contentLength: undefined };
    }
    return { status: 200, head, bytes, contentLength };
  }

  #represented(coding: Coding | undefined): Representation {
    if (coding === undefined || this.#plain.bytes.length < WORTH_COMPRESSING) return this.#plain;
    const compressed = this.#compressed.get(coding);
    if (compressed === undefined) this.#compress(coding);
    return typeof compressed === 'object' ? compressed : this.#plain;
  }

  #compress(coding: Coding): void {
    const isBegun = this.#compressor.compress(coding, this.#parts.body, (body) => {
      this.#compressed.set(coding, represent({ ...this.#parts, body }, coding));
    });
    if (isBegun) this.#compressed.set(coding, 'to come');
  }
}

/** Other bytes must not have the same strong tag: compressed ones have a weak one. */
function represent({ etag, contentType, body, headers }: AnswerParts, coding?: Coding): Representation {
  const tag = coding === undefined ? `"${etag}"` : `W/"${etag}"`;
  const heldHead = [...headers.flat(), 'ETag', tag];
  const contentLength = String(body.length);
  const encoding = coding === undefined ? [] : ['Content-Encoding', coding];
  const head = [...heldHead, ...encoding, 'Content-Type', contentType, 'Content-Length', contentLength];
  return { tag, head, heldHead, bytes: body, contentLength };
}
