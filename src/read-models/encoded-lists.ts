// Lists of entities encoded as JSON bytes, in blocks: after a change only the affected block is encoded again.

import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { entityId } from '../../projections/events/envelope.ts';
import type { Models } from '../../projections/models.ts';
import { visibleScopes } from '../../projections/selection.ts';
import { type Entity, findScope, type Scope } from '../../projections/state/collection.ts';
import { EVERYTHING, type Filter, scopesOf } from '../../projections/viewer/scope.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import type { ReadModels, Transition } from './read-models.ts';

/** How many entities are encoded together. */
const BLOCK_SIZE = 32;
/** How many lists are cached. */
const MAX_LISTS = 10_000;

const [OPEN, BETWEEN, CLOSE] = ['[', ',', ']'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

/** The current lists of one kind of entity. A requested list is cached and updated until more recent ones evict it. */
export class EncodedLists<E extends Entity> {
  readonly #kind: EntityKind<Models, E>;
  readonly #json: (entity: E) => string;
  readonly #models: ReadModels;
  /** By the key of their scope. */
  readonly #lists = new RecentMap<string, EncodedList>(MAX_LISTS);

  /** `json` encodes an entity in its shown form. */
  constructor(kind: EntityKind<Models, E>, json: (entity: E) => string, models: ReadModels) {
    this.#kind = kind;
    this.#json = json;
    this.#models = models;
    models.transitions$.subscribe((transition) => this.#follow(transition));
  }

  /** The bytes of `JSON.stringify` of the shown entities that the viewer may see of this part. */
  bytes(viewer: Viewer, filter: Filter): Buffer {
    const collection = entitiesIn(this.#kind, this.#models.current);
    const { entities } = collection;
    const write = (id: string) => this.#json(entities.get(id) as E);
    const blocks = visibleScopes(viewer, filter).flatMap((key) => {
      const scope = findScope(collection, key);
      return scope ? this.#list(key, scope).blocks(write) : [];
    });
    return Buffer.concat([OPEN, ...blocks.flatMap((block, index) => (index === 0 ? block : [BETWEEN, block])), CLOSE]);
  }

  #list(key: string, { ids }: Scope<unknown>): EncodedList {
    const list = this.#lists.get(key) ?? new EncodedList(ids);
    this.#lists.set(key, list);
    return list;
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

/** Some adjacent entities of a list. Changed entities are encoded again only when the list is requested. */
interface Block {
  /** The JSON of each entity by its id; `undefined` if the entity changed since it was encoded. */
  readonly texts: Map<string, string | undefined>;
  bytes: Buffer | undefined;
}

class EncodedList {
  readonly #blocks: Block[] = [];
  readonly #blockOf = new Map<string, Block>();

  constructor(ids: Iterable<string>) {
    for (const id of ids) this.#append(id);
  }

  /** Records that an entity has changed, is new (then it is appended), or no longer exists. */
  changed(id: string, exists: boolean): void {
    const block = this.#blockOf.get(id);
    if (!block && exists) this.#append(id);
    if (!block) return;
    block.bytes = undefined;
    if (exists) block.texts.set(id, undefined);
    else this.#remove(id, block);
  }

  /** The encoded blocks, without the commas between them. */
  blocks(write: (id: string) => string): Buffer[] {
    return this.#blocks.map((block) => {
      block.bytes ??= Buffer.from(textOf(block, write));
      return block.bytes;
    });
  }

  #append(id: string): void {
    let block = this.#blocks.at(-1);
    if (!block || block.texts.size >= BLOCK_SIZE) {
      block = { texts: new Map(), bytes: undefined };
      this.#blocks.push(block);
    }
    block.texts.set(id, undefined);
    block.bytes = undefined;
    this.#blockOf.set(id, block);
  }

  #remove(id: string, block: Block): void {
    block.texts.delete(id);
    this.#blockOf.delete(id);
    if (block.texts.size === 0) this.#blocks.splice(this.#blocks.indexOf(block), 1);
  }
}

function textOf({ texts }: Block, write: (id: string) => string): string {
  for (const [id, text] of texts) {
    if (text === undefined) texts.set(id, write(id));
  }
  return [...texts.values()].join(',');
}
