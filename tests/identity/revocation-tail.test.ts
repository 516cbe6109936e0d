// What a node does with the revocations of others, and without them: it believes sessions and keys for a minute.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { Revocation, RevocationStep } from '../../src/identity/identity-store.ts';
import { RevocationTail } from '../../src/identity/revocation-tail.ts';
import { JournalError } from '../../src/log/journal.ts';

let now: number;
let steps: Subject<RevocationStep>;
let heard: Revocation[];
let returned: number;
let tail: RevocationTail;

/** The steps that a test gives, until the signal aborts. */
async function* given(signal: AbortSignal): AsyncGenerator<RevocationStep> {
  const waiting: RevocationStep[] = [];
  let wake = () => {};
  steps.subscribe((step) => {
    waiting.push(step);
    wake();
  });
  signal.addEventListener('abort', () => wake());
  while (!signal.aborted) {
    yield* waiting.splice(0);
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

beforeEach(() => {
  now = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  steps = new Subject();
  heard = [];
  returned = 0;
  tail = new RevocationTail({
    shared: { revocations: given },
    heard: (revoked) => heard.push(...revoked),
    returned: () => {
      returned += 1;
    },
  });
  tail.start();
});
afterEach(async () => {
  await tail.stop();
  jest.restoreAllMocks();
});

async function step(...revoked: readonly Revocation[]): Promise<void> {
  await new Promise(setImmediate);
  steps.next({ revoked, asOf: now });
  await new Promise(setImmediate);
}

test('what others revoke is handed over', async () => {
  await step({ kind: 'session', id: 'a' }, { kind: 'user', id: 'b' });
  await step();
  expect([heard, returned]).toEqual([
    [
      { kind: 'session', id: 'a' },
      { kind: 'user', id: 'b' },
    ],
    0,
  ]);
});

test('sessions and keys are refused once nothing was heard for a minute, until something is', async () => {
  now += 5_000;
  expect(tail.problems).toEqual([]);
  now += 55_000;
  expect([tail.isCutOff, tail.problems]).toEqual([false, [expect.stringContaining('After a minute it refuses')]]);
  tail.check();
  now += 1;
  expect([tail.isCutOff, tail.problems]).toEqual([true, [expect.stringContaining('which sessions have ended')]]);
  expect(tail.check).toThrow(JournalError);
  await step();
  expect([tail.isCutOff, returned]).toEqual([false, 1]);
  tail.check();
});

test('steps that come often leave what is remembered as it is', async () => {
  for (let second = 0; second < 120; second += 30) {
    now += 30_000;
    await step();
  }
  expect(returned).toBe(0);
});
