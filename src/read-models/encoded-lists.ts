// Lists of entities as the bytes of their JSON, put together from parts: after a change only the part that it is in is encoded again.

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
/** How many lists are kept. */
const MAX_LISTS = 10_000;

const [OPEN, BETWEEN, CLOSE] = ['[', ',', ']'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

/** What the lists of one kind of entity are now. A list that was asked for is kept up to date until others were asked for instead. */
export class EncodedLists<E extends Entity> {
  readonly #kind: EntityKind<Models, E>;
  readonly #json: (entity: E) => string;
  readonly #models: ReadModels;
  /** By the key of their scope. */
  readonly #lists = new RecentMap<string, EncodedList>(MAX_LISTS);

  /** `json` writes an entity as it is shown. */
  constructor(kind: EntityKind<Models, E>, json: (entity: E) => string, models: ReadModels) {
    this.#kind = kind;
    this.#json = json;
    this.#models = models;
    models.transitions$.subscribe((transition) => this.#follow(transition));
  }

  /** The same as `JSON.stringify` gives of the list of what the viewer may see of this part now. */
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
    // First those to which something happened, in the order of the events: new ones are listed in that of their creation.
    const ids = new Set([...events.map(entityId), ...events.flatMap((event) => this.#kind.touched(transition, event))]);
    const was = entitiesIn(this.#kind, before).entities;
    const is = entitiesIn(this.#kind, after).entities;
    for (const id of ids) {
      const entity = is.get(id) ?? was.get(id);
      if (!entity || is.get(id) === was.get(id)) continue;
      for (const key of [EVERYTHING, ...scopesOf(entity)]) this.#lists.get(key)?.changed(id, is.has(id));
    }
  }
}

/** Some entities that stand together in a list. Nothing is written anew before somebody asks for it. */
interface Block {
  /** The JSON of each by its id, where it did not change since. */
  readonly texts: Map<string, string | undefined>;
  bytes: Buffer | undefined;
}

class EncodedList {
  readonly #blocks: Block[] = [];
  readonly #blockOf = new Map<string, Block>();

  constructor(ids: Iterable<string>) {
    for (const id of ids) this.#append(id);
  }

  /** Takes in that an entity has changed, is new, which puts it at the end, or is gone. */
  changed(id: string, isThere: boolean): void {
    const block = this.#blockOf.get(id);
    if (!block && isThere) this.#append(id);
    if (!block) return;
    block.bytes = undefined;
    if (isThere) block.texts.set(id, undefined);
    else this.#remove(id, block);
  }

  /** The entities as `write` writes them, in parts between which commas belong. */
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
