// Counts the bytes of distinct buffers: a buffer that several answers share is held in memory once.

/** A `Buffer`, or anything else of a size. */
export interface Sized {
  readonly byteLength: number;
}

export class DistinctBytes {
  /** By how many answers each part is held. */
  readonly #holders = new Map<Sized, number>();
  #bytes = 0;

  /** The bytes of all parts that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  add(parts: readonly Sized[]): void {
    for (const part of parts) {
      const holders = this.#holders.get(part) ?? 0;
      if (holders === 0) this.#bytes += part.byteLength;
      this.#holders.set(part, holders + 1);
    }
  }

  remove(parts: readonly Sized[]): void {
    for (const part of parts) {
      const holders = (this.#holders.get(part) ?? 0) - 1;
      if (holders > 0) {
        this.#holders.set(part, holders);
      } else {
        this.#holders.delete(part);
        this.#bytes -= part.byteLength;
      }
    }
  }
}
