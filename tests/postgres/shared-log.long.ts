// Several nodes on one PostgreSQL: what one records, the others hear; what one blanks, the others read blank; leases.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { blankedText } from '../../src/log/encoding.ts';
import type { Journal, Outcome, SharedLog, StoredEvent, TailStep } from '../../src/log/journal.ts';
import { type JournalStorage, postgresStorage } from '../support/journals.ts';
import { described, naming, prepared, redacting } from '../support/prepared.ts';
import { inAMinute } from '../support/until.ts';

interface Node extends Journal {
  readonly shared: SharedLog;
}

let storage: JournalStorage;
let nodes: readonly [Node, Node];

beforeEach(async () => {
  storage = await postgresStorage();
  nodes = [storage.journal() as Node, storage.journal() as Node];
  for (const node of nodes) await node.open();
});
afterEach(() => storage.dispose());

/** The next steps of a tail that has this many events, as one. */
async function heard(node: Node, after: number, count: number): Promise<Pick<TailStep, 'events' | 'blanked'>> {
  const steps: TailStep[] = [];
  for await (const step of node.shared.tail(() => after, inAMinute())) {
    steps.push(step);
    if (steps.flatMap(({ events }) => events).length >= count) break;
  }
  return { events: steps.flatMap(({ events }) => events), blanked: steps.flatMap(({ blanked }) => blanked) };
}

function eventsOf(outcomes: readonly Outcome[]): readonly StoredEvent[] {
  return outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? outcome.events : []));
}

test('nodes that write at the same time number their events densely, and each hears all of them in order', async () => {
  const commits = Array.from({ length: 60 }, (_, index) => naming(`service-${index % 7}`, 'any', 'a', 'b'));
  const hearing = nodes.map((node) => heard(node, 0, 120));
  const appended: StoredEvent[] = [];
  const write = async (node: Node, own: typeof commits) => {
    for (const commit of own) appended.push(...eventsOf(await node.commit([commit])));
  };
  await Promise.all([write(nodes[0], commits.slice(0, 30)), write(nodes[1], commits.slice(30))]);
  const inOrder = appended.toSorted((a, b) => a.position - b.position);
  expect(inOrder.map(({ position }) => position)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  for (const { events } of await Promise.all(hearing)) expect(events).toEqual(inOrder);
});

test('of nodes that expect the same version one wins, and the others learn the head', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => storage.journal()).map(async (node, index) => {
      await node.open();
      return (await node.commit([naming('service-1', 'no-stream', `${index}`)]))[0];
    }),
  );
  const lost = outcomes.filter((outcome) => outcome?.kind === 'conflict');
  expect(outcomes.filter((outcome) => outcome?.kind === 'appended')).toHaveLength(1);
  expect(lost).toEqual(
    lost.map(() => ({ kind: 'conflict', stream: 'service-1', expected: 'no-stream', actual: 1, head: 1 })),
  );
  expect(lost).toHaveLength(9);
});

test('the head is the position of the last event of any node', async () => {
  await nodes[0].commit([naming('service-1', 'any', 'a', 'b')]);
  expect(await nodes[1].shared.head()).toBe(2);
});

test('a tail that has more to read does not say that it knows the log', async () => {
  const names = Array.from({ length: 1_001 }, (_, index) => `${index}`);
  await nodes[0].commit([naming('service-1', 'any', ...names)]);
  const known: boolean[] = [];
  for await (const { events, asOf } of nodes[1].shared.tail(() => 0, inAMinute())) {
    known.push(asOf !== undefined);
    if (events.at(-1)?.position === names.length) break;
  }
  expect(known).toEqual([false, true]);
});

test('a tail begins after any position, and says as of when it knows the log', async () => {
  await nodes[0].commit([naming('service-1', 'any', 'a', 'b', 'c')]);
  const begin = Date.now();
  for await (const { events, asOf } of nodes[1].shared.tail(() => 2, inAMinute())) {
    expect(events.map(({ position }) => position)).toEqual([3]);
    expect(asOf).toBeGreaterThanOrEqual(begin);
    break;
  }
});

test('a tail ends when it is told to', async () => {
  const over = new AbortController();
  const following = (async () => {
    for await (const step of nodes[0].shared.tail(() => 0, over.signal)) expect(step.events).toEqual([]);
  })();
  over.abort();
  await following;
});

describe('a redaction on another node', () => {
  test('comes with the texts as they are stored now', async () => {
    const [secret] = eventsOf(await nodes[0].commit([naming('service-1', 'any', 'a secret', 'b')]));
    const hearing = heard(nodes[1], 2, 1);
    await nodes[0].commit([redacting(secret as StoredEvent)]);
    const { blanked } = await hearing;
    expect(blanked).toEqual([{ position: 1, by: 3, text: blankedText(secret as StoredEvent) }]);
  });

  test('is one of the commit that did it, among others in one batch', async () => {
    const [first, second] = eventsOf(await nodes[0].commit([naming('service-1', 'any', 'one', 'two')]));
    await nodes[0].commit([
      naming('service-2', 'any', 'c', 'd'),
      redacting(first as StoredEvent),
      redacting(second as StoredEvent, 99),
      redacting(second as StoredEvent),
    ]);
    const { blanked, events } = await heard(nodes[1], 0, 6);
    expect(blanked.map(({ position, by }) => [position, by])).toEqual([
      [1, 5],
      [2, 6],
    ]);
    expect(JSON.stringify(events)).not.toMatch(/"one"|"two"/);
  });
});

describe('leases', () => {
  test('one node has it, others get it once it was given back, and what the first then sends is refused', async () => {
    const [first, second] = nodes;
    const lease = await first.shared.takeLease('reactors');
    expect(lease).toEqual({ name: 'reactors', epoch: 1 });
    expect(await second.shared.takeLease('reactors')).toBeUndefined();
    expect(await first.shared.takeLease('reactors')).toEqual(lease);
    const writes = [{ stream: 'service-1', expected: 'any' as const, events: [described('a')] }];
    const guarded = () => prepared({ writes, ...(lease ? { lease } : {}) });
    expect(await first.commit([guarded()])).toMatchObject([{ kind: 'appended' }]);
    if (lease) await first.shared.releaseLease(lease);
    expect(await second.shared.takeLease('reactors')).toEqual({ name: 'reactors', epoch: 2 });
    expect(await first.commit([guarded()])).toEqual([{ kind: 'fenced' }]);
    expect(await first.shared.takeLease('reactors')).toBeUndefined();
  });
});
