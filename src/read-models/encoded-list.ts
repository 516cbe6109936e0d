// One list of entities as JSON, in blocks of adjacent rows.

/** A block has at most this many rows. */
const MAX_ROWS = 128;
/** A longer block is split, unless it is one row. In characters. */
const MAX_LENGTH = 64 * 1024;
/** What a row needs beside its bytes, and an empty list: estimates, in bytes. */
const ROW_OVERHEAD = 150;
const LIST_OVERHEAD = 1_000;

/** Encodes the entity with this id. */
export type EncodeRow = (id: string) => string;

/** Some adjacent entities. */
interface Block {
  readonly ids: Set<string>;
  /** The JSON of each entity after a comma; `undefined` if one of them has changed since. */
  bytes: Buffer | undefined;
}

/** The entities of one scope. Changed ones are encoded again only when the list is requested. */
export class EncodedList {
  readonly #blocks: Block[] = [];
  readonly #blockOf = new Map<string, Block>();
  #weight = LIST_OVERHEAD;

  constructor(ids: Iterable<string>) {
    for (const id of ids) this.#append(id);
  }

  /** How many blocks are not encoded. */
  get unencoded(): number {
    return this.#blocks.reduce((sum, { bytes }) => (bytes ? sum : sum + 1), 0);
  }

  /** The memory that it needs, in bytes, as of when a block was last encoded. */
  get weight(): number {
    return this.#weight;
  }

  /** Records that an entity has changed, is new (then it is appended), or no longer exists. */
  changed(id: string, exists: boolean): void {
    const block = this.#blockOf.get(id);
    if (!block && exists) this.#append(id);
    if (!block) return;
    block.bytes = undefined;
    if (!exists) this.#remove(id, block);
  }

  /** The rows in order, each after a comma. Unchanged blocks are the same buffers as before. */
  blocks(write: EncodeRow): readonly Buffer[] {
    for (let left = this.unencoded; left > 0; left -= 1) this.encodeNext(write);
    return this.#blocks.map(({ bytes }) => bytes as Buffer);
  }

  /** Encodes the first block that is not encoded, if there is one. */
  encodeNext(write: EncodeRow): void {
    const index = this.#blocks.findIndex(({ bytes }) => bytes === undefined);
    const block = this.#blocks[index];
    if (!block) return;
    this.#blocks.splice(index, 1, ...this.#encoded(block, write));
    const bytes = this.#blocks.reduce((sum, each) => sum + (each.bytes?.length ?? 0), 0);
    this.#weight = LIST_OVERHEAD + ROW_OVERHEAD * this.#blockOf.size + bytes;
  }

  #append(id: string): void {
    let block = this.#blocks.at(-1);
    if (!block || block.ids.size >= MAX_ROWS) {
      block = { ids: new Set(), bytes: undefined };
      this.#blocks.push(block);
    }
    block.ids.add(id);
    block.bytes = undefined;
    this.#blockOf.set(id, block);
  }

  #remove(id: string, block: Block): void {
    block.ids.delete(id);
    this.#blockOf.delete(id);
    if (block.ids.size === 0) this.#blocks.splice(this.#blocks.indexOf(block), 1);
  }

  /** The block with its bytes; several blocks in its place if it has become too long. */
  #encoded(block: Block, write: EncodeRow): readonly Block[] {
    const ids = [...block.ids];
    const text = ids.map((id) => `,${write(id)}`).join('');
    if (text.length > MAX_LENGTH && ids.length > 1) {
      const middle = ids.length >> 1;
      const halves = [ids.slice(0, middle), ids.slice(middle)];
      return halves.flatMap((half) => this.#encoded(this.#newBlock(half), write));
    }
    block.bytes = Buffer.from(text);
    return [block];
  }

  #newBlock(ids: readonly string[]): Block {
    const block = { ids: new Set(ids), bytes: undefined };
    for (const id of ids) this.#blockOf.set(id, block);
    return block;
  }
}
