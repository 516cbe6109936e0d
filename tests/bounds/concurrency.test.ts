// How many tasks of one key run at the same time, and in which order the others follow.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Concurrency } from '../../src/bounds/concurrency.ts';

test('as many as may run at once do, the others follow in order, and other keys are not concerned', async () => {
  const concurrency = new Concurrency(2, 10);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const start = (key: string, name: string) =>
    concurrency.run(key, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.push(() => resolve(name)));
    });
  const tasks = [start('a', '1'), start('a', '2'), start('a', '3'), start('a', '4'), start('b', '5')];
  expect(begun).toEqual(['1', '2', '5']);
  ends[1]?.();
  await nextTurn();
  expect(begun).toEqual(['1', '2', '5', '3']);
  for (let index = 0; index < 5; index += 1) {
    ends[index]?.();
    await nextTurn();
  }
  expect(await Promise.all(tasks)).toEqual(['1', '2', '3', '4', '5']);
});

test('a task that fails makes room as well', async () => {
  const concurrency = new Concurrency(1, 10);
  const fail = () => Promise.reject(new Error('no'));
  const failing = [concurrency.run('a', fail), concurrency.run('a', fail)];
  await Promise.all(failing.map((each) => expect(each).rejects.toThrow('no')));
  expect(await concurrency.run('a', () => 'done')).toBe('done');
});

test('says when too many tasks of all keys wait', async () => {
  const concurrency = new Concurrency(1, 2);
  const ends: (() => void)[] = [];
  const tasks = ['a', 'b', 'a', 'b'].map((key) =>
    concurrency.run(key, () => new Promise<void>((resolve) => ends.push(resolve))),
  );
  expect(concurrency.isFull).toBe(true);
  ends.shift()?.();
  await nextTurn();
  expect(concurrency.isFull).toBe(false);
  for (; ends.length > 0; await nextTurn()) ends.shift()?.();
  await Promise.all(tasks);
});
