// A hash of a state that depends only on its content: compares the results of replays, snapshots and other machines.
import { createHash } from 'node:crypto';
import { IntervalTree } from '../../projections/state/interval-tree.ts';
import { OrderedMap } from '../../projections/state/ordered-map.ts';
import { PersistentMap } from '../../projections/state/persistent-map.ts';
import { PersistentSequence } from '../../projections/state/persistent-sequence.ts';
import { Timeline } from '../../projections/state/timeline.ts';

/**
 * Hex SHA-256 over the state as canonical JSON: objects and maps as a list of pairs sorted by key, an ordered map as a
 * list of its entries in order, with their origins.
 */
export function stateHash(state: unknown): string {
  const text = new HashedText();
  write(state, text);
  return text.digest();
}

function write(value: unknown, text: HashedText): void {
  if (typeof value !== 'object' || value === null) {
    text.add(JSON.stringify(value) ?? 'null');
    return;
  }
  let before = '[';
  for (const item of itemsOf(value)) {
    text.add(before);
    write(item, text);
    before = ',';
  }
  text.add(before === '[' ? '[]' : ']');
}

/** Their content is what they iterate. How they hold it depends on how they came about. */
const ITERATED = [PersistentSequence, Timeline, IntervalTree] as const;

function itemsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value) || ITERATED.some((kind) => value instanceof kind)) return value as Iterable<unknown>;
  if (value instanceof OrderedMap) return value.entries();
  const members: (readonly [string, unknown])[] = value instanceof PersistentMap ? [...value] : Object.entries(value);
  return members.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** How many characters are hashed at once. */
const CHUNK = 64 * 1024;

/** Hashes a text incrementally, so that the text of a large state is never in memory as a whole. */
class HashedText {
  readonly #hash = createHash('sha256');
  #pending = '';

  add(text: string): void {
    this.#pending += text;
    if (this.#pending.length < CHUNK) return;
    this.#hash.update(this.#pending);
    this.#pending = '';
  }

  digest(): string {
    return this.#hash.update(this.#pending).digest('hex');
  }
}
