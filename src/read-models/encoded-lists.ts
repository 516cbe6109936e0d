// Lists of entities as JSON, in blocks of rows that all answers share: a change makes only the affected block again.

import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { entityId } from '../../projections/events/envelope.ts';
import type { Models } from '../../projections/models.ts';
import { visibleScopes } from '../../projections/selection.ts';
import { type Collection, type Entity, findScope } from '../../projections/state/collection.ts';
import { EVERYTHING, type Filter, scopesOf } from '../../projections/viewer/scope.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import { EncodedList, type EncodeRow } from './encoded-list.ts';
import type { ReadModels, Transition } from './read-models.ts';

/** Up to this size a list is copied into one buffer: sending many takes longer than the copy. In bytes. */
const MAX_COPIED = 16 * 1024;

/** By block. Of the same block it is the same object: what clients leave unread is counted by distinct buffers. */
const firstBlocks = new WeakMap<Buffer, Buffer>();

/** The block as the first of a list, in the same memory. */
function withoutComma(block: Buffer): Buffer {
  const known = firstBlocks.get(block) ?? block.subarray(1);
  firstBlocks.set(block, known);
  return known;
}

const [OPEN, CLOSE] = ['[', ']'].map((text) => Buffer.from(text)) as [Buffer, Buffer];

export interface EncodedListsParts {
  readonly models: ReadModels;
  /** Memory for all lists together. A list that needs more than half of it is encoded again for each request. */
  readonly bytes: number;
}

/** The current lists of one kind of entity. A requested list is kept and updated until more recent ones evict it. */
export class EncodedLists<E extends Entity> {
  readonly #kind: EntityKind<Models, E>;
  readonly #json: (entity: E) => string;
  readonly #models: ReadModels;
  /** By the key of their scope. */
  readonly #lists: RecentMap<string, EncodedList>;

  /** `json` encodes an entity in its shown form. */
  constructor(kind: EntityKind<Models, E>, json: (entity: E) => string, { models, bytes }: EncodedListsParts) {
    this.#kind = kind;
    this.#json = json;
    this.#models = models;
    this.#lists = new RecentMap(bytes, ({ weight }) => weight);
    models.transitions$.subscribe((transition) => this.#follow(transition));
  }

  /**
   * The JSON array of the shown entities that the viewer may see of this part. What has not changed is the same memory
   * in every answer. A short list is one buffer of its own.
   */
  blocks(viewer: Viewer, filter: Filter): readonly Buffer[] {
    const collection = this.#current;
    const [first, ...others] = visibleScopes(viewer, filter).flatMap(
      (key) => this.#use(key, collection, (list, write) => list.blocks(write)) ?? [],
    );
    const blocks = [OPEN, ...(first ? [withoutComma(first), ...others] : []), CLOSE];
    const length = blocks.reduce((sum, block) => sum + block.length, 0);
    return length <= MAX_COPIED ? [Buffer.concat(blocks, length)] : blocks;
  }

  /**
   * Encodes what `blocks` would have to encode, and yields after each block: when a long list is requested first, that
   * takes tens of milliseconds. What changes or is evicted meanwhile is left to `blocks`.
   */
  *prepare(viewer: Viewer, filter: Filter): Generator<void> {
    for (const key of visibleScopes(viewer, filter)) {
      for (let left = this.#use(key, this.#current, ({ unencoded }) => unencoded) ?? 0; left > 0; left -= 1) {
        this.#use(key, this.#current, (list, write) => list.encodeNext(write));
        yield;
      }
    }
  }

  get #current(): Collection<E, unknown> {
    return entitiesIn(this.#kind, this.#models.current);
  }

  /** What the work makes of the list with this key; `undefined` if there is no such scope. */
  #use<T>(
    key: string,
    collection: Collection<E, unknown>,
    work: (list: EncodedList, write: EncodeRow) => T,
  ): T | undefined {
    const scope = findScope(collection, key);
    if (!scope) return undefined;
    const list = this.#lists.get(key) ?? new EncodedList(scope.ids);
    // Encoding changes its weight, which must stay the same as long as it is in the map.
    if (list.unencoded > 0) this.#lists.delete(key);
    const result = work(list, (id) => this.#json(collection.entities.get(id) as E));
    this.#lists.set(key, list);
    return result;
  }

  #follow(transition: Transition): void {
    if (this.#lists.size === 0) return;
    const { batch, before, after } = transition;
    const { events } = batch;
    // The entities of the events come first, in event order, so that new ones are appended in creation order.
    const ids = new Set([...events.map(entityId), ...events.flatMap((event) => this.#kind.touched(transition, event))]);
    const old = entitiesIn(this.#kind, before).entities;
    const current = entitiesIn(this.#kind, after).entities;
    for (const id of ids) {
      const entity = current.get(id) ?? old.get(id);
      if (!entity || current.get(id) === old.get(id)) continue;
      for (const key of [EVERYTHING, ...scopesOf(entity)]) this.#lists.get(key)?.changed(id, current.has(id));
    }
  }
}
