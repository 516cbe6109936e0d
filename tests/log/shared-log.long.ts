// A log that other nodes write to as well: what each node publishes, when, and what it says of how current it is.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { digest } from '../../src/log/chain.ts';
import type { Batch, Commit } from '../../src/log/commit.ts';
import { blankedText } from '../../src/log/encoding.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { JournalError, type StoredEvent, type TailStep } from '../../src/log/journal.ts';
import { described } from '../support/prepared.ts';
import { type MemoryNode, sharedMemory } from '../support/shared-memory.ts';
import { until } from '../support/until.ts';

interface Node extends MemoryNode {
  readonly log: EventLog;
  readonly seen: Batch[];
}

let newNode: () => MemoryNode;
let nodes: Node[];
beforeEach(() => {
  newNode = sharedMemory();
  nodes = [];
});
afterEach(async () => {
  await Promise.all(nodes.map(({ log }) => log.close()));
});

/** `changed` is what another database would send this node. */
async function startNode(changed = (step: TailStep) => step): Promise<Node> {
  const memory = newNode();
  const { shared } = memory.journal;
  const tail = shared?.tail;
  if (shared && tail) {
    shared.tail = async function* (published, signal) {
      for await (const step of tail(published, signal)) yield changed(step);
    };
  }
  const log = new EventLog(memory.journal, { newId, eventsInMemory: 100, maxWaiting: 100, report: () => {} });
  const seen: Batch[] = [];
  log.committed$.subscribe((batch) => seen.push(batch));
  await log.open();
  const node = Object.assign(memory, { log, seen });
  nodes.push(node);
  return node;
}

const commit = (...names: readonly string[]): Commit => ({
  writes: [{ stream: `service-${newId()}`, expected: 'no-stream', events: names.map((name) => described(name)) }],
  actor: { kind: 'system' },
  correlationId: 'test',
});

async function collect(log: EventLog): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of log.read()) events.push(event);
  return events;
}

describe('what is recorded', () => {
  test('is published on every node once, whole and in the same order, whoever recorded it', async () => {
    const [first, second] = [await startNode(), await startNode()];
    const writes = Array.from({ length: 20 }, (_, index) => [
      first.log.append(commit(`first ${index}`, 'and more')),
      second.log.append(commit(`second ${index}`)),
    ]);
    const appended = await Promise.all(writes.flat());
    expect(new Set(appended.map(({ kind }) => kind))).toEqual(new Set(['appended']));
    expect(await first.log.reached(60)).toBe(true);
    expect(await second.log.reached(60)).toBe(true);
    expect(first.seen).toHaveLength(40);
    expect(second.seen).toEqual(first.seen);
    expect(await collect(second.log)).toEqual(await collect(first.log));
  });

  test('is acknowledged only when it is published here, after what others recorded before', async () => {
    const [first, second] = [await startNode(), await startNode()];
    second.isDeaf = true;
    await first.log.append(commit('before'));
    const appending = second.log.append(commit('after'));
    await second.log.settled;
    expect(second.seen).toEqual([]);
    second.isDeaf = false;
    expect(await appending).toMatchObject({ kind: 'appended', first: 2 });
    expect(second.seen.map((batch) => batch.first)).toEqual([1, 2]);
  });

  test('and does not become known in time, is not acknowledged; neither is what cannot be compared with the head', async () => {
    const [first, second] = [await startNode(), await startNode()];
    second.isDeaf = true;
    const key = { id: 'key', fingerprint: 'one' };
    await first.log.append({ ...commit('before'), key });
    const late = { kind: 'unavailable', reason: expect.stringContaining('within two seconds') };
    const [appended, repeated, isFresh] = await Promise.all([
      second.log.append(commit('after')),
      second.log.append({ ...commit('before'), key }),
      second.log.freshen(),
    ]);
    expect([appended, repeated, isFresh]).toEqual([late, late, false]);
    second.isDeaf = false;
    expect(await second.log.append({ ...commit('before'), key })).toMatchObject({ kind: 'duplicate', first: 1 });
  });
});

test('blanked words are gone from the memory of every node before the redaction is published there', async () => {
  const [first, second] = [await startNode(), await startNode()];
  const title = 'a leaked secret';
  const opened = await first.log.append(commit(title));
  if (opened.kind !== 'appended') throw new Error(opened.kind);
  await second.log.reached(1);
  const words: string[] = [];
  second.log.committed$.subscribe(async () => words.push(JSON.stringify(await collect(second.log))));
  const [page] = [await first.journal.page({ after: 0 })];
  const [target] = page.events;
  if (!target) throw new Error('There is nothing to redact.');
  const text = blankedText(target) ?? '';
  const data = { eventId: opened.events[0]?.id ?? '', remainder: digest(text), shown: [], reason: 'A leak' };
  const redaction = { type: 'event.redacted' as const, organizationId: 'default', data };
  await first.log.append({
    ...commit(),
    writes: [{ stream: target.stream, expected: 1, events: [redaction] }],
    redactions: [{ position: 1, text }],
  });
  await second.log.reached(2);
  expect(second.seen.at(-1)?.redacted).toEqual([1]);
  expect(first.seen.at(-1)).toEqual(second.seen.at(-1));
  expect(JSON.stringify(await collect(second.log))).not.toContain(title);
  expect(words.join()).not.toContain(title);
});

test('a node that cannot write refuses at once, with the reason, and goes on when it can', async () => {
  const node = await startNode();
  node.trouble = 'PostgreSQL cannot be reached.';
  expect(await node.log.append(commit('one'))).toEqual({ kind: 'unavailable', reason: node.trouble });
  expect(node.log.failure).toBe(node.trouble);
  node.trouble = undefined;
  expect(await node.log.append(commit('two'))).toMatchObject({ kind: 'appended', first: 1 });
});

test('a database that refuses and is repaired makes nobody start again', async () => {
  const node = await startNode();
  const { commit: record } = node.journal;
  node.journal.commit = async () => {
    throw new JournalError('failed', 'A right is missing.');
  };
  expect(await node.log.append(commit('one'))).toEqual({ kind: 'unavailable', reason: 'A right is missing.' });
  expect(node.log.failure).toBe('A right is missing.');
  node.journal.commit = record;
  const later = performance.now() + 60_000;
  const clock = jest.spyOn(performance, 'now').mockReturnValue(later);
  expect(node.log.failure).toBeUndefined();
  clock.mockRestore();
  expect(await node.log.append(commit('two'))).toMatchObject({ kind: 'appended' });
});

test('an event that cannot be read stops what is published, and is told; what is there is still read', async () => {
  const damaged = (event: StoredEvent) => (event.position === 2 ? { ...event, text: '{' } : event);
  const node = await startNode((step) => ({ ...step, events: step.events.map(damaged) }));
  const other = await startNode();
  await other.log.append(commit('one'));
  expect(await node.log.reached(1)).toBe(true);
  await other.log.append(commit('two'));
  await until(() => node.log.failure !== undefined);
  expect(node.log.failure).toContain('damaged at position 2');
  expect(await node.log.isReplaced).toBe(false);
  expect((await collect(node.log)).map(({ position }) => position)).toEqual([1]);
  expect(await node.log.append(commit('three'))).toMatchObject({ kind: 'unavailable' });
});

describe('how current a node is', () => {
  test('it does not know the log while it has more to read', async () => {
    const node = await startNode((step) => ({ ...step, asOf: undefined }));
    const other = await startNode();
    await other.log.append(commit('one'));
    expect(await node.log.reached(1)).toBe(true);
    expect(node.log.asOf).toBeUndefined();
  });

  afterEach(() => void jest.restoreAllMocks());

  test('a fresh log has what others recorded before the question', async () => {
    const [first, second] = [await startNode(), await startNode()];
    await first.log.append(commit('one'));
    expect(await second.log.freshen()).toBe(true);
    expect(second.log.position).toBe(1);
  });

  test('without the database nothing is fresh', async () => {
    const node = await startNode();
    node.isAway = true;
    expect(await node.log.freshen()).toBe(false);
  });

  test('nor is it while the database does not answer', async () => {
    const node = await startNode();
    const { shared } = node.journal;
    if (shared) jest.spyOn(shared, 'head').mockReturnValue(new Promise(() => {}));
    expect(await node.log.freshen()).toBe(false);
  });

  test('it is stale since the last time that it read the log to its end, judged when it is asked', async () => {
    const node = await startNode();
    await node.log.append(commit('one'));
    while (node.log.asOf === undefined) await new Promise(setImmediate);
    expect(node.log.staleSince).toBeUndefined();
    node.isDeaf = true;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { asOf } = node.log;
    const later = Date.now() + 60_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect(node.log.staleSince).toEqual(asOf);
  });
});
