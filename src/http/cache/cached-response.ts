// An answer that is kept in front of Express: the heads and the bytes that it is sent with, plain and compressed.

import { namesTag } from '../headers.ts';
import type { Answer, Reply, Revalidation } from '../route.ts';
import type { Coding, Compressor } from './compressor.ts';

/** Names and values in turn, as node:http takes them. */
type Head = readonly string[];

/** An answer in one coding. */
interface Representation {
  readonly tag: string;
  readonly head: Head;
  readonly bytes: Buffer;
  readonly contentLength: string;
  /** The head of a 304. */
  readonly notModifiedHead: Head;
}

/** What is sent. */
export interface Sent {
  readonly status: 200 | 304;
  readonly head: Head;
  readonly bytes: Buffer | undefined;
  readonly contentLength: string | undefined;
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

export class CachedResponse {
  readonly #parts: AnswerParts;
  readonly #compressor: Compressor;
  readonly #plain: Representation;
  readonly #compressed = new Map<Coding, Representation | 'asked for' | 'to come'>();
  readonly #revalidation: Revalidation;
  #currentAt: number;

  /** `since` is the position of the log at which it was made. */
  constructor(parts: AnswerParts, revalidation: Revalidation, since: number, compressor: Compressor) {
    this.#parts = parts;
    this.#revalidation = revalidation;
    this.#currentAt = since;
    this.#compressor = compressor;
    this.#plain = represent(parts);
  }

  /** What it takes of memory at the most, in bytes. */
  get size(): number {
    return 3 * this.#plain.bytes.length + 4_096;
  }

  /** Whether it holds when this is the position of the log: asked once for each. */
  isCurrentAt(position: number): boolean {
    if (position === this.#currentAt) return true;
    if (!this.#revalidation.isCurrent()) return false;
    this.#currentAt = position;
    return true;
  }

  /** The answer as it is when this is the position of the log; `undefined` where it is none that can be kept any more. */
  rebuiltAt(position: number): CachedResponse | undefined {
    const answer = this.#revalidation.rebuild();
    if (!isCacheable(answer)) return undefined;
    const { etag, revalidation } = answer;
    const parts = { ...this.#parts, etag, body: encodedBody(answer) };
    return new CachedResponse(parts, revalidation, position, this.#compressor);
  }

  /** Answers in this coding, or plainly where that is not there yet: nobody waits for it. */
  sent(coding: Coding | undefined, ifNoneMatch: string | undefined): Sent {
    const { tag, head, notModifiedHead, bytes, contentLength } = this.#represented(coding);
    // Most send back what they were sent.
    if (ifNoneMatch !== undefined && (ifNoneMatch === tag || namesTag(ifNoneMatch, this.#parts.etag))) {
      return { status: 304, head: notModifiedHead, bytes: undefined, contentLength: undefined };
    }
    return { status: 200, head, bytes, contentLength };
  }

  #represented(coding: Coding | undefined): Representation {
    if (coding === undefined || this.#plain.bytes.length < WORTH_COMPRESSING) return this.#plain;
    const compressed = this.#compressed.get(coding);
    // Where changes come faster than readers, each answer is asked for once: compressing it would be of use to nobody.
    if (compressed === undefined) this.#compressed.set(coding, 'asked for');
    if (compressed === 'asked for') this.#compress(coding);
    return typeof compressed === 'object' ? compressed : this.#plain;
  }

  #compress(coding: Coding): void {
    const isBegun = this.#compressor.compress(coding, this.#parts.body, (body) => {
      this.#compressed.set(coding, represent({ ...this.#parts, body }, coding));
    });
    if (isBegun) this.#compressed.set(coding, 'to come');
  }
}

/** An answer that can be kept in front of its row. */
type Cacheable = Reply & Required<Pick<Reply, 'etag' | 'revalidation'>>;

export function isCacheable(answer: Answer): answer is Cacheable {
  return (
    !('problem' in answer) && answer.status === 200 && answer.etag !== undefined && answer.revalidation !== undefined
  );
}

/** The bytes of a body in JSON. */
export function encodedBody({ body }: Reply): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

/** Other bytes must not have the same strong tag: compressed ones have a weak one. */
function represent({ etag, contentType, body, headers }: AnswerParts, coding?: Coding): Representation {
  const tag = coding === undefined ? `"${etag}"` : `W/"${etag}"`;
  const notModifiedHead = [...headers.flat(), 'ETag', tag];
  const contentLength = String(body.length);
  const encoding = coding === undefined ? [] : ['Content-Encoding', coding];
  const head = [...notModifiedHead, ...encoding, 'Content-Type', contentType, 'Content-Length', contentLength];
  return { tag, head, notModifiedHead, bytes: body, contentLength };
}
