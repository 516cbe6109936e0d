// A cached response: its headers and body, ready to send, uncompressed and in each compressed coding.

import { blocksOf, lengthOf } from '../blocks.ts';
import { namesTag } from '../headers.ts';
import type { Answer, Blocks, Reply, Revalidation } from '../route.ts';
import { type Coding, isCompressible } from './coding.ts';
import type { Compressor } from './compressor.ts';

/** Header names and values in alternation, the raw form that `response.writeHead` accepts. */
type Head = readonly string[];

/** A response in one content coding. */
interface Representation {
  readonly tag: string;
  readonly head: Head;
  readonly body: Blocks;
  readonly contentLength: string;
  /** The headers of the 304 response. */
  readonly notModifiedHead: Head;
}

/** The parts of the response to one request. */
export interface Sent {
  readonly status: 200 | 304;
  readonly head: Head;
  readonly body: Blocks | undefined;
  readonly contentLength: string | undefined;
}

/** The parts of a response, before it is encoded. */
export interface AnswerParts {
  /** Without quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly body: Blocks;
  /** All other headers that do not depend on the request. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether everyone gets it, whatever credential they carry. */
  readonly isShared: boolean;
  /** Whether requests for it count for the limit of their address. */
  readonly isCounted: boolean;
}

/** Smaller bodies are not compressed: it would save little. In bytes. */
const MIN_COMPRESSED_SIZE = 1_024;
/** What a response needs beside its bodies: an estimate, in bytes. */
const OVERHEAD = 4_096;

export class CachedResponse {
  readonly #parts: AnswerParts;
  readonly #compressor: Compressor;
  readonly #plain: Representation;
  readonly #compressed = new Map<Coding, Representation | 'requested' | 'pending'>();
  readonly #revalidation: Revalidation;
  /** Size of the uncompressed body, in bytes. */
  readonly #length: number;
  #currentAt: number;

  /** `position` is that of the log when the response was built. */
  constructor(parts: AnswerParts, revalidation: Revalidation, position: number, compressor: Compressor) {
    this.#parts = parts;
    this.#revalidation = revalidation;
    this.#currentAt = position;
    this.#compressor = compressor;
    this.#length = lengthOf(parts.body);
    this.#plain = represent(parts);
  }

  /**
   * Upper bound of the memory that it alone uses, in bytes. Several blocks are shared with what made them: what is its
   * own is a compressed body of up to half their size in each of two codings. One block is its own, as are both codings.
   */
  get size(): number {
    return (this.#isInBlocks ? 1 : 3) * this.#length + OVERHEAD;
  }

  /** Whether everyone gets it, whatever credential they carry. */
  get isShared(): boolean {
    return this.#parts.isShared;
  }

  /** Whether requests for it count for the limit of their address. The others pay what they cost. */
  get isCounted(): boolean {
    return this.#parts.isCounted;
  }

  /** Takes what was compressed beforehand. */
  add(codings: ReadonlyMap<Coding, Buffer>): void {
    for (const [coding, body] of codings)
      this.#compressed.set(coding, represent({ ...this.#parts, body: [body] }, coding));
  }

  get #isInBlocks(): boolean {
    return this.#parts.body.length > 1;
  }

  /**
   * Whether the response is still valid at this position of the log. Revalidates at most once per position, and asks for
   * the time only if time ends it.
   */
  isCurrentAt(position: number, now: () => Date): boolean {
    const { validUntil } = this.#revalidation;
    if (validUntil !== undefined && now().getTime() >= validUntil) return false;
    if (position === this.#currentAt) return true;
    if (!this.#revalidation.isCurrent()) return false;
    this.#currentAt = position;
    return true;
  }

  /** The response, rebuilt at this position of the log; `undefined` if it is no longer cacheable. */
  rebuiltAt(position: number): CachedResponse | undefined {
    const answer = this.#revalidation.rebuild();
    if (!isCacheable(answer)) return undefined;
    const { etag, revalidation } = answer;
    const parts = { ...this.#parts, etag, body: blocksOf(answer) };
    return new CachedResponse(parts, revalidation, position, this.#compressor);
  }

  /** The response in this coding, or uncompressed until the compression is done: no request waits for it. */
  sent(coding: Coding | undefined, ifNoneMatch: string | undefined): Sent {
    const { tag, head, notModifiedHead, body, contentLength } = this.#represented(coding);
    // The plain comparison is the fast path: most clients send exactly one tag.
    if (ifNoneMatch !== undefined && (ifNoneMatch === tag || namesTag(ifNoneMatch, this.#parts.etag))) {
      return { status: 304, head: notModifiedHead, body: undefined, contentLength: undefined };
    }
    return { status: 200, head, body, contentLength };
  }

  #represented(coding: Coding | undefined): Representation {
    if (coding === undefined || !this.#isCompressible) return this.#plain;
    const compressed = this.#compressed.get(coding);
    // Compress at the second request. If changes are more frequent than requests, each version is requested only once.
    if (compressed === undefined) this.#compressed.set(coding, 'requested');
    if (compressed === 'requested') this.#compress(coding);
    return typeof compressed === 'object' ? compressed : this.#plain;
  }

  get #isCompressible(): boolean {
    return this.#length >= MIN_COMPRESSED_SIZE && isCompressible(this.#parts.contentType);
  }

  #compress(coding: Coding): void {
    const isStarted = this.#compressor.compress(coding, this.#parts.body, (compressed) => {
      const isKept = !this.#isInBlocks || compressed.length <= this.#length / 2;
      this.#compressed.set(coding, isKept ? represent({ ...this.#parts, body: [compressed] }, coding) : this.#plain);
    });
    if (isStarted) this.#compressed.set(coding, 'pending');
  }
}

/** A reply that the response cache can store. */
type Cacheable = Reply & Required<Pick<Reply, 'etag' | 'revalidation'>>;

export function isCacheable(answer: Answer): answer is Cacheable {
  return (
    !('problem' in answer) && answer.status === 200 && answer.etag !== undefined && answer.revalidation !== undefined
  );
}

/** A compressed body gets a weak ETag: different bytes must not share a strong one (RFC 9110). */
function represent({ etag, contentType, body, headers }: AnswerParts, coding?: Coding): Representation {
  const tag = coding === undefined ? `"${etag}"` : `W/"${etag}"`;
  const notModifiedHead = [...headers.flat(), 'ETag', tag];
  const contentLength = String(lengthOf(body));
  const encoding = coding === undefined ? [] : ['Content-Encoding', coding];
  const head = [...notModifiedHead, ...encoding, 'Content-Type', contentType, 'Content-Length', contentLength];
  return { tag, head, notModifiedHead, body, contentLength };
}
