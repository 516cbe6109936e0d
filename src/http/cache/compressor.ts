// Compresses response bodies on other threads, and negotiates the content coding with the client.
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Report } from '../../log/report.ts';

/** A content coding, by its name in HTTP. */
export type Coding = 'gzip' | 'br';

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;

type Done = (error: Error | null, compressed: Buffer) => void;

/** Moderate compression levels: the next change may replace the response soon. */
const COMPRESS: Record<Coding, (bytes: Buffer, done: Done) => void> = {
  gzip: (bytes, done) => gzip(bytes, { level: 6 }, done),
  br(bytes, done) {
    brotliCompress(bytes, { params: { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_SIZE_HINT]: bytes.length } }, done);
  },
};

export class Compressor {
  readonly #maxRunning: number;
  readonly #report: Report;
  #running = 0;

  /** `maxRunning` limits how many bodies are compressed at the same time. */
  constructor(maxRunning: number, report: Report) {
    this.#maxRunning = maxRunning;
    this.#report = report;
  }

  /**
   * Starts a compression that calls `done` when it succeeds. Returns `false` and does nothing if too many are running.
   */
  compress(coding: Coding, bytes: Buffer, done: (compressed: Buffer) => void): boolean {
    if (this.#running >= this.#maxRunning) return false;
    this.#running += 1;
    COMPRESS[coding](bytes, (error, compressed) => {
      this.#running -= 1;
      if (error) this.#report('a response could not be compressed', error);
      else done(compressed);
    });
    return true;
  }
}

/** In order of preference. */
const ACCEPTED: readonly (readonly [Coding, RegExp])[] = [
  ['br', accepting('br')],
  ['gzip', accepting('gzip')],
];

/** Matches the coding without a weight (`q`) or with a weight above zero. */
function accepting(coding: Coding): RegExp {
  return new RegExp(`(?:^|[\\s,])${coding}\\s*(?:$|,|;\\s*q=(?:1|0\\.\\d*[1-9]))`, 'i');
}

/** The preferred coding that an `Accept-Encoding` header accepts; `undefined` if it accepts none of ours. */
export function acceptedCoding(header: string | string[] | undefined): Coding | undefined {
  if (header === undefined) return undefined;
  return ACCEPTED.find(([, pattern]) => pattern.test(String(header)))?.[0];
}
