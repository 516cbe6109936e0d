// Questions about the past: they wait their turn, who asks too much is refused, and no redacted text is answered.
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Payer } from '../../src/bounds/turns.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { pastOnMainThread } from '../../src/read-models/past-on-main-thread.ts';
import { type PastEngine, type PastQuestion, questionOf } from '../../src/read-models/past-question.ts';
import { Pasts } from '../../src/read-models/pasts.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { take } from '../support/histories.ts';
import { memoryStorage } from '../support/journals.ts';
import { anyone } from '../support/scenario.ts';

const report = (message: string, error: unknown) => {
  throw new Error(message, { cause: error });
};

function listAt(position: number): PastQuestion {
  return questionOf({ list: 'services', filter: {} }, position, anyone);
}

/** Somebody who waits for the answer. */
function asker(key: string, isStranger: boolean, charge: Payer['charge'] = () => {}) {
  return { payer: { key, isStranger, charge }, signal: new AbortController().signal };
}

/** A log of ten services, and its pasts, of which `onAsked` is told before each is answered. */
async function open(onAsked: (question: PastQuestion) => Promise<void> = async () => {}) {
  const journal = (await memoryStorage()).journal();
  const log = new EventLog(journal, { newId, eventsInMemory: 5, maxWaiting: 100, report });
  const models = new ReadModels(log.committed$, report);
  await log.open();
  for (let pick = 0; pick < 10; pick += 1)
    await take(log, models.current, { action: 'create', pick, place: 0, level: 0 });
  const reader = pastOnMainThread(journal, models, { kept: 1_000_000, detour: 1_000 });
  const engine: PastEngine = {
    async answer(question, asking) {
      const answer = await reader.answer(question, asking);
      await onAsked(question);
      return answer;
    },
    forget: () => reader.forget(),
    close: () => reader.close(),
  };
  return { log, models, pasts: new Pasts(engine, log.committed$, { perPayer: 2, each: 3 }) };
}

test('an answer is JSON with the position of its last change, and its payer pays for the time that it took', async () => {
  const { log, pasts } = await open();
  const charged: unknown[] = [];
  const answer = await pasts.ask(
    listAt(3),
    asker('a', true, (used) => charged.push(used)),
  );
  expect(JSON.parse(String(answer?.bytes))).toHaveLength(3);
  expect(answer?.position).toBe(3);
  expect(charged).toEqual([{ milliseconds: answer?.milliseconds }]);
  await log.close();
});

test('a payer with too many questions is refused, and others are not', async () => {
  const { log, pasts } = await open();
  const ask = (payer: string) => pasts.ask(listAt(5), asker(payer, false));
  // One is being answered, two wait.
  const answers = await Promise.all(['a', 'a', 'a', 'a', 'b', 'c'].map(ask));
  expect(answers.map((answer) => answer !== undefined)).toEqual([true, true, true, false, true, false]);
  await log.close();
});

test('a member waits for one stranger at most', async () => {
  const asked: number[] = [];
  const { log, pasts } = await open(async ({ position }) => void asked.push(position));
  const strangers = [1, 2, 3].map((at) => pasts.ask(listAt(at), asker(`${at}`, true)));
  const member = pasts.ask(listAt(9), asker('member', false));
  await Promise.all([...strangers, member]);
  expect(asked).toEqual([1, 9, 2, 3]);
  await log.close();
});

test('a question whose asker is gone is not answered, and frees its place', async () => {
  const asked: number[] = [];
  const { log, pasts } = await open(async ({ position }) => void asked.push(position));
  const gone = new AbortController();
  const first = pasts.ask(listAt(1), asker('a', true));
  const dropped = pasts.ask(listAt(2), { ...asker('a', true), signal: gone.signal });
  gone.abort();
  const rest = [3, 4].map((at) => pasts.ask(listAt(at), asker('a', true)));
  expect(await dropped).toBeUndefined();
  expect((await Promise.all([first, ...rest])).every((answer) => answer !== undefined)).toBe(true);
  expect(asked).toEqual([1, 3, 4]);
  await log.close();
});

test('an asker who is gone before the answer comes pays for the time until then', async () => {
  const gone = new AbortController();
  const { log, pasts } = await open(async () => {
    gone.abort();
    gone.signal.throwIfAborted();
  });
  const charged: unknown[] = [];
  const { payer } = asker('a', true, (used) => charged.push(used));
  expect(await pasts.ask(listAt(1), { payer, signal: gone.signal })).toBeUndefined();
  await setImmediate();
  expect(charged).toEqual([{ milliseconds: expect.any(Number) }]);
  await log.close();
});

test('a text that is redacted while an answer is on its way is not in it', async () => {
  const redactions: Promise<unknown>[] = [];
  const { log, models, pasts } = await open(async () => {
    if (redactions.length === 0) redactions.push(take(log, models.current, { action: 'redact', pick: 0 }));
    await redactions[0];
  });
  const before = String((await pasts.ask(listAt(1), asker('a', true)))?.bytes);
  expect(redactions).toHaveLength(1);
  expect(JSON.parse(before)).toMatchObject([{ description: '[redacted]' }]);
  await log.close();
});

test('who may not see the organisation that a question names is answered without a fold', () => {
  const nobody: Viewer = { actor: { kind: 'anonymous' }, organizations: [], access: () => 'none' };
  const hidden = questionOf({ status: { organizationId: 'org-456' } }, 1_000_000, nobody);
  expect(hidden.position).toBe(0);
});
