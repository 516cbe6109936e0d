// An answer that is kept in front of Express: the heads and the bytes that it is sent with, plain and compressed.

import { namesTag } from '../headers.ts';
import type { Answer, Lasting, Reply } from '../route.ts';
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
  readonly heldHead: Head;
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

export class KeptAnswer {
  readonly #parts: AnswerParts;
  readonly #compressor: Compressor;
  readonly #plain: Representation;
  readonly #compressed = new Map<Coding, Representation | 'asked for' | 'to come'>();
  readonly #lasting: Lasting;
  #heldAt: number;

  /** `since` is the position of the log at which it was made. */
  constructor(parts: AnswerParts, lasting: Lasting, since: number, compressor: Compressor) {
    this.#parts = parts;
    this.#lasting = lasting;
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
    if (!this.#lasting.still()) return false;
    this.#heldAt = position;
    return true;
  }

  /** The answer as it is when this is the position of the log; `undefined` where it is none that can be kept any more. */
  renewedAt(position: number): KeptAnswer | undefined {
    const answer = this.#lasting.renewed();
    if (!isKeepable(answer)) return undefined;
    const { etag, lasting } = answer;
    const parts = { ...this.#parts, etag, body: encodedBody(answer) };
    return new KeptAnswer(parts, lasting, position, this.#compressor);
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
type Keepable = Reply & Required<Pick<Reply, 'etag' | 'lasting'>>;

export function isKeepable(answer: Answer): answer is Keepable {
  return !('problem' in answer) && answer.status === 200 && answer.etag !== undefined && answer.lasting !== undefined;
}

/** The bytes of a body in JSON. */
export function encodedBody({ body }: Reply): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
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
