// Turns: who works when, what a payer is charged, and that no group takes the event loop from the others.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type Payer, Turns } from '../../src/bounds/turns.ts';

class TestPayer implements Payer {
  readonly key: string;
  readonly isStranger: boolean;
  readonly isAddress = true;
  wait = 0;
  milliseconds = 0;

  constructor(key: string, isStranger = true) {
    this.key = key;
    this.isStranger = isStranger;
  }

  charge({ milliseconds = 0 }: { readonly milliseconds?: number }): void {
    this.milliseconds += milliseconds;
  }
}

const create = () => new Turns({ slice: 4, waiting: { strangers: 10, others: 5 } });

/** Holds the thread for this many milliseconds. */
function hold(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('work is done at once while nothing waits, and its time is charged', () => {
  const payer = new TestPayer('a');
  const work = () => {
    hold(2);
    return 'done';
  };
  expect(create().run(payer, work)).toBe('done');
  expect(payer.milliseconds).toBeGreaterThanOrEqual(2);
});

test('work within work is done at once, and charged once', () => {
  const turns = create();
  const payer = new TestPayer('a');
  const start = performance.now();
  const nested = turns.run(payer, () => {
    hold(5);
    return turns.run(payer, () => {
      hold(5);
      return 'done';
    });
  });
  expect(nested).toBe('done');
  expect(payer.milliseconds).toBeLessThanOrEqual(performance.now() - start);
});

test('an error of the work reaches its caller, at once or later, and the next work is done', async () => {
  const turns = create();
  const payer = new TestPayer('a');
  const fail = () => {
    throw new Error('no');
  };
  expect(() => turns.run(payer, fail)).toThrow('no');
  void turns.run(payer, () => hold(5));
  await expect(turns.run(payer, fail)).rejects.toThrow('no');
  expect(await turns.run(payer, () => 'done')).toBe('done');
});

test('payers take turns, however much one of them asks for', async () => {
  const turns = create();
  const [greedy, modest] = [new TestPayer('greedy'), new TestPayer('modest')];
  const order: string[] = [];
  const ask = (payer: TestPayer) => {
    const work = () => {
      hold(5);
      order.push(payer.key);
    };
    return turns.run(payer, work);
  };
  await Promise.all([...Array.from({ length: 5 }, () => ask(greedy)), ask(modest), ask(modest)]);
  expect(order).toEqual(['greedy', 'greedy', 'modest', 'greedy', 'modest', 'greedy', 'greedy']);
});

test('between two slices the event loop does everything else', async () => {
  const turns = create();
  let others = 0;
  const works = Array.from({ length: 6 }, (_, index) => turns.run(new TestPayer(`${index}`), () => hold(5)));
  let isOver = false;
  const count = async () => {
    while (!isOver) {
      await nextTurn();
      others += 1;
    }
  };
  const counting = count();
  await Promise.all(works);
  isOver = true;
  await counting;
  expect(others).toBeGreaterThanOrEqual(5);
});

test('strangers who fill their slice do not keep others waiting', async () => {
  const turns = create();
  const strangers = Array.from({ length: 10 }, (_, index) => turns.run(new TestPayer(`${index}`), () => hold(5)));
  const member = new TestPayer('member', false);
  expect(turns.run(member, () => 'at once')).toBe('at once');
  await Promise.all(strangers);
});

test('a payer who cannot pay waits, and nobody else does', async () => {
  const turns = create();
  const [poor, rich] = [new TestPayer('poor'), new TestPayer('rich')];
  poor.wait = 5;
  const waiting = turns.run(poor, () => 'later');
  const ends: unknown[] = [];
  void Promise.resolve(waiting).then((end) => ends.push(end));
  expect(await turns.run(rich, () => 'now')).toBe('now');
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  expect(ends).toEqual([]);
  poor.wait = 0;
  expect(await waiting).toBe('later');
});

test('what was paid for is finished, and does not wait with the other work of its payer', async () => {
  const turns = create();
  const poor = new TestPayer('poor');
  poor.wait = 60_000;
  void turns.run(poor, () => 'later');
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  expect(await turns.onCredit(poor, () => 'sent')).toBe('sent');
});

test('the end of what was begun is done at once, and its time is charged and missing from the next slices', async () => {
  const turns = create();
  const payer = new TestPayer('a');
  const order: string[] = [];
  const ask = (name: string) => turns.run(payer, () => order.push(name));
  turns.atOnce(payer, () => hold(6));
  const waiting = ask('waits');
  turns.atOnce(payer, () => order.push('at once'));
  await waiting;
  expect(order).toEqual(['at once', 'waits']);
  expect(payer.milliseconds).toBeGreaterThanOrEqual(6);
});

test('says when too much work of strangers, or of others, waits', async () => {
  const turns = create();
  const [stranger, member] = [new TestPayer('a'), new TestPayer('b', false)];
  void turns.run(stranger, () => hold(5));
  const works = Array.from({ length: 10 }, () => turns.run(stranger, () => {}));
  expect(turns.areFullFor(stranger)).toBe(true);
  expect(turns.areFullFor(member)).toBe(false);
  void turns.run(member, () => hold(5));
  works.push(...Array.from({ length: 5 }, () => turns.run(member, () => {})));
  expect(turns.areFullFor(member)).toBe(true);
  await Promise.all(works);
  expect(turns.areFullFor(stranger)).toBe(false);
  expect(turns.areFullFor(member)).toBe(false);
});
