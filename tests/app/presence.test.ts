// What a node finds out from the others that share its database.
import { expect, test } from '@jest/globals';
import { Presence } from '../../src/app/presence.ts';
import { JournalError } from '../../src/log/journal.ts';
import type { Neighbour, NodeState } from '../../src/postgres/nodes/nodes.ts';

/** A node whose neighbours and whose clock the test sets. */
class Announcing {
  readonly heard: NodeState[] = [];
  neighbours: readonly Neighbour[] | JournalError = [];
  hasLeft = false;
  #wake = () => {};
  readonly presence = new Presence({
    name: 'one',
    state: () => ({ version: '1.0.0', position: this.heard.length, url: 'https://status.acme.dev' }),
    nodes: {
      announce: async (state) => {
        this.heard.push(state);
        if (this.neighbours instanceof JournalError) throw this.neighbours;
        return this.neighbours;
      },
      leave: async () => {
        this.hasLeft = true;
      },
    },
    setTimer: (wake) => {
      this.#wake = wake;
      return () => {
        this.#wake = () => {};
      };
    },
  });

  /** Lets the time until the next announcement pass. */
  async next(neighbours: Announcing['neighbours']): Promise<readonly string[]> {
    this.neighbours = neighbours;
    if (this.heard.length === 0) this.presence.start();
    else this.#wake();
    await new Promise(setImmediate);
    return this.presence.notices;
  }
}

const AGREES: Neighbour = { name: 'two', url: 'https://status.acme.dev' };

test('another address than the other nodes have is noticed, as long as there is one', async () => {
  const node = new Announcing();
  expect(await node.next([AGREES])).toEqual([]);
  const other = { name: 'three', url: 'https://other.acme.dev' };
  expect(await node.next([AGREES, other])).toEqual([
    expect.stringMatching(/^PUBLIC_URL is https:\/\/status\.acme\.dev on this node and https:\/\/other.* node three: /),
  ]);
  expect(await node.next([{ name: 'two', url: null }])).toEqual([expect.stringContaining('not set on the node two')]);
  expect(await node.next(new JournalError('away', 'gone'))).toHaveLength(1);
  expect(await node.next([AGREES])).toEqual([]);
  expect(node.heard.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4]);
});

test('another process of the same name is a second node, unless it may have been the one before', async () => {
  const node = new Announcing();
  const same = { ...AGREES, name: 'one' };
  expect(await node.next([same])).toEqual([]);
  expect(await node.next([])).toEqual([]);
  expect(await node.next([same])).toEqual(['Two nodes are called one: give each of them its own NODE_NAME.']);
});

test('a node that stops says so, and nothing more', async () => {
  const node = new Announcing();
  await node.next([]);
  await node.presence.stop();
  expect(node.hasLeft).toBe(true);
  await node.next([]);
  expect(node.heard).toHaveLength(1);
});

test('without other nodes there is nothing to say', async () => {
  const state = () => ({ version: '1.0.0', position: 0, url: undefined });
  const alone = new Presence({ nodes: undefined, name: 'one', state, setTimer: () => () => {} });
  alone.start();
  expect(alone.notices).toEqual([]);
  await alone.stop();
});
