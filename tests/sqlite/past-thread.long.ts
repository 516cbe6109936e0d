// The thread that reads the past: it answers like the main thread, keeps its states to itself, and ends alone.
import { queryObjects } from 'node:v8';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { PersistentMap } from '../../projections/state/persistent-map.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { type PastAnswer, questionOf } from '../../src/read-models/past-question.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { PastThread } from '../../src/sqlite/pasts/past-thread.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { ROOT } from '../support/root.ts';
import { anyone } from '../support/scenario.ts';

const { signal } = new AbortController();

let log: EventLog;
let directory: string;
let threads: PastThread[];
let reported: unknown[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  const report = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  log = new EventLog(new SqliteJournal({ directory, root: ROOT }), {
    newId,
    eventsInMemory: 10,
    maxWaiting: 100,
    report,
  });
  await log.open();
  [threads, reported] = [[], []];
});
afterEach(async () => {
  await Promise.all(threads.map((thread) => thread.close()));
  await log.close();
});

function start(heap: number): PastThread {
  const limits = { kept: 1_000_000_000, detour: 10_000 };
  const report = (_message: string, error: unknown) => reported.push(error);
  const thread = new PastThread({ directory, root: ROOT, limits, heap, report });
  threads.push(thread);
  return thread;
}

async function createServices(count: number): Promise<void> {
  const data = { name: 'A service', description: 'One of many', status: 'operational', uptime: 100 } as const;
  const event = { type: 'service.created', organizationId: 'default', data } as const;
  const writes = Array.from({ length: count }, () => ({
    stream: `service-${newId()}`,
    expected: 'no-stream' as const,
    events: [event],
  }));
  await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
}

function listAt(position: number) {
  return questionOf({ list: 'services', filter: {} }, position, anyone);
}

function countIn(answer: PastAnswer | undefined): number | undefined {
  return answer && JSON.parse(String(answer.bytes)).length;
}

test('answers with bytes, and no state of a past is on the main thread', async () => {
  for (let commit = 0; commit < 4; commit += 1) await createServices(100);
  const thread = start(256);
  const before = queryObjects(PersistentMap, { format: 'count' });
  for (let commit = 1; commit <= 4; commit += 1) {
    const answer = await thread.answer(listAt(100 * commit), signal);
    expect([countIn(answer), answer?.position]).toEqual([100 * commit, 100 * commit]);
  }
  expect(queryObjects(PersistentMap, { format: 'count' })).toBe(before);
});

test('a past that is too large for the heap ends the thread, not the process, and the next question starts another', async () => {
  await createServices(10);
  for (let commit = 0; commit < 20; commit += 1) await createServices(1_000);
  const thread = start(12);
  expect(await thread.answer(listAt(log.position), signal)).toBeUndefined();
  expect(reported).toMatchObject([{ code: 'ERR_WORKER_OUT_OF_MEMORY' }]);
  expect(countIn(await thread.answer(listAt(10), signal))).toBe(10);
});

test('a fold whose asker is gone ends, and the next question is answered', async () => {
  for (let commit = 0; commit < 10; commit += 1) await createServices(1_000);
  const thread = start(256);
  await thread.answer(listAt(0), signal);
  const gone = new AbortController();
  const answering = thread.answer(listAt(10_000), gone.signal);
  gone.abort();
  await expect(answering).rejects.toThrow();
  expect(countIn(await thread.answer(listAt(1_000), signal))).toBe(1_000);
});

test('a log that cannot be read is an error, and so is the next question', async () => {
  const thread = new PastThread({
    ...{ directory: `${directory}-elsewhere`, root: ROOT, heap: 64, report: () => {} },
    limits: { kept: 1, detour: 1 },
  });
  await expect(thread.answer(listAt(1), signal)).rejects.toThrow();
  await expect(thread.answer(listAt(1), signal)).rejects.toThrow();
  await thread.close();
});
