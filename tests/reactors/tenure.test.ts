// The tenure of the reactors, wound by hand: one node at a time runs them, and another takes over when it stops.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Lease } from '../../src/log/commit.ts';
import { LEASE_LIFE } from '../../src/log/journal.ts';
import { Tenure } from '../../src/reactors/tenure.ts';

/** The lease as a database keeps it. */
class Leases {
  now = 0;
  isAway = false;
  #holder = '';
  #epoch = 0;
  #until = 0;

  of(node: string) {
    return {
      takeLease: async (name: string): Promise<Lease | undefined> => {
        if (this.isAway) throw new Error('away');
        if (this.#holder !== node) {
          if (this.now < this.#until) return undefined;
          this.#holder = node;
          this.#epoch += 1;
        }
        this.#until = this.now + LEASE_LIFE;
        return { name, epoch: this.#epoch };
      },
      releaseLease: async () => {
        this.#until = 0;
      },
    };
  }
}

const leases = { current: new Leases() };
const log: string[] = [];
const timers = new Set<() => void>();
const made: Tenure[] = [];

function tenureOf(node: string, shared = true): Tenure {
  const reactor = {
    start: async () => void log.push(`${node} starts`),
    stop: async () => void log.push(`${node} stops`),
  };
  const tenure = new Tenure({
    shared: shared ? leases.current.of(node) : undefined,
    reactors: () => [reactor],
    setTimer: (wake) => {
      timers.add(wake);
      return () => timers.delete(wake);
    },
  });
  made.push(tenure);
  return tenure;
}

/** Lets time pass, and every node look once. */
async function pass(milliseconds: number): Promise<void> {
  leases.current.now += milliseconds;
  const due = [...timers];
  timers.clear();
  for (const wake of due) wake();
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

beforeEach(() => {
  leases.current = new Leases();
  log.length = 0;
  timers.clear();
  made.length = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => leases.current.now);
});
afterEach(() => void jest.restoreAllMocks());

test('without other nodes, this one runs the reactors from the start to the end', async () => {
  const tenure = tenureOf('only', false);
  await tenure.start();
  expect(tenure.isHeld).toBe(true);
  expect(tenure.lease).toBeUndefined();
  await tenure.stop(async () => {});
  expect(log).toEqual(['only starts', 'only stops']);
});

describe('of several nodes', () => {
  test('one runs them, however long', async () => {
    const [first, second] = [tenureOf('first'), tenureOf('second')];
    await first.start();
    await second.start();
    for (let looks = 0; looks < 10; looks += 1) await pass(2_000);
    expect([first.isHeld, second.isHeld]).toEqual([true, false]);
    expect(log).toEqual(['first starts']);
  });

  test('another one takes over at its next look when the first one closes, with a later epoch', async () => {
    const [first, second] = [tenureOf('first'), tenureOf('second')];
    await first.start();
    await second.start();
    await first.stop(async () => {});
    await pass(2_000);
    expect(log).toEqual(['first starts', 'first stops', 'second starts']);
    expect(second.lease?.epoch).toBeGreaterThan(first.lease?.epoch ?? 0);
  });

  test('a node that cannot reach the database stops when its lease is over, and not before', async () => {
    const only = tenureOf('only');
    await only.start();
    leases.current.isAway = true;
    await pass(LEASE_LIFE - 1);
    expect(log).toEqual(['only starts']);
    await pass(1);
    expect(log).toEqual(['only starts', 'only stops']);
    leases.current.isAway = false;
    await pass(2_000);
    expect(log).toEqual(['only starts', 'only stops', 'only starts']);
  });

  test('a node that was stopped for long finds that another one has taken over', async () => {
    const first = tenureOf('first');
    await first.start();
    leases.current.now += LEASE_LIFE;
    const second = tenureOf('second');
    await second.start();
    await pass(0);
    expect(log).toEqual(['first starts', 'second starts', 'first stops']);
  });
});
