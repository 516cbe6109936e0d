// Compresses answers on other threads, and tells which way of compressing a client accepts.
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Report } from '../../log/report.ts';

/** A way of compressing, by its name in HTTP. */
export type Coding = 'gzip' | 'br';

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;

type Done = (error: Error | null, compressed: Buffer) => void;

/** As well as is worth it where the next change may come any moment. */
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

  /** Compresses `maxRunning` answers at one time at the most. */
  constructor(maxRunning: number, report: Report) {
    this.#maxRunning = maxRunning;
    this.#report = report;
  }

  /** Begins, and calls `done` later; where too much is under way already, nothing happens and it says so with `false`. */
  compress(coding: Coding, bytes: Buffer, done: (compressed: Buffer) => void): boolean {
    if (this.#running >= this.#maxRunning) return false;
    this.#running += 1;
    COMPRESS[coding](bytes, (error, compressed) => {
      this.#running -= 1;
      if (error) this.#report('an answer was not compressed', error);
      else done(compressed);
    });
    return true;
  }
}

/** Best first. */
const ACCEPTED: readonly (readonly [Coding, RegExp])[] = [
  ['br', accepting('br')],
  ['gzip', accepting('gzip')],
];

/** Named without a weight, or with one that is not zero. */
function accepting(coding: Coding): RegExp {
  return new RegExp(`(?:^|[\\s,])${coding}\\s*(?:$|,|;\\s*q=(?:1|0\\.\\d*[1-9]))`, 'i');
}

/** The best coding that an `Accept-Encoding` names; none where it is not one of these. */
export function acceptedCoding(header: string | string[] | undefined): Coding | undefined {
  if (header === undefined) return undefined;
  return ACCEPTED.find(([, pattern]) => pattern.test(String(header)))?.[0];
}
