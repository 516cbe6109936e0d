// Compresses response bodies on other threads.
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { Report } from '../../log/report.ts';
import { lengthOf } from '../blocks.ts';
import type { Blocks } from '../route.ts';
import type { Coding } from './coding.ts';

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;

/** How much a thread gives back at once, in bytes. */
const chunkSize = 64 * 1024;

/** Moderate compression levels: the next change may replace the response soon. `length` is the size of the body. */
const COMPRESSIONS: Record<Coding, (length: number) => Transform> = {
  gzip: () => createGzip({ chunkSize, level: 6 }),
  br: (length) =>
    createBrotliCompress({
      chunkSize,
      params: { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_SIZE_HINT]: length },
    }),
};

/** Hands the blocks to other threads one after another: nothing copies or compresses them on the main thread. */
async function compressed(coding: Coding, blocks: Blocks): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await pipeline(Readable.from(blocks), COMPRESSIONS[coding](lengthOf(blocks)), async (output) => {
    for await (const chunk of output) chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}

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
  compress(coding: Coding, blocks: Blocks, done: (compressed: Buffer) => void): boolean {
    if (this.#running >= this.#maxRunning) return false;
    this.#running += 1;
    compressed(coding, blocks)
      .then(done, (error) => this.#report('a response could not be compressed', error))
      .finally(() => {
        this.#running -= 1;
      });
    return true;
  }
}
