// Which of many tasks run next, and which are refused.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { FairLine, LINE_FULL } from '../../src/bounds/fair-line.ts';

test('a few run at a time; known ones come first, and strangers of many networks take turns', async () => {
  const line = new FairLine({ running: 1, waiting: { perPayer: 2, each: 3 } });
  const order: string[] = [];
  const run = (key: string, isStranger: boolean, name: string) =>
    line.run({ key, isStranger }, async () => {
      await nextTurn();
      order.push(name);
    });
  const results = await Promise.all([
    run('a', true, 'a1'),
    run('a', true, 'a2'),
    run('a', true, 'a3'),
    run('a', true, 'a4'),
    run('b', true, 'b1'),
    run('c', true, 'c1'),
    run('z', false, 'known'),
  ]);
  expect(order).toEqual(['a1', 'known', 'a2', 'b1', 'a3']);
  expect(results.map((result) => result === LINE_FULL)).toEqual([false, false, false, true, false, true, false]);
});
