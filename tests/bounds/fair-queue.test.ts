// The fair queue: payers take turns, members come first, and nobody fills it for everyone.
import { expect, test } from '@jest/globals';
import { FairQueue } from '../../src/bounds/fair-queue.ts';

const member = (key: string) => ({ key, isStranger: false });
const stranger = (key: string) => ({ key, isStranger: true });

function drained(queue: FairQueue<string>): string[] {
  const items: string[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) items.push(item);
  return items;
}

test('payers take turns, whoever asked first and most', () => {
  const queue = new FairQueue<string>({ perPayer: 10, each: 10 });
  for (const item of ['a1', 'a2', 'a3']) queue.add(item, member('a'));
  for (const item of ['b1', 'b2']) queue.add(item, member('b'));
  queue.add('c1', member('c'));
  expect(drained(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('a member comes before all strangers who wait', () => {
  const queue = new FairQueue<string>({ perPayer: 10, each: 10 });
  queue.add('stranger 1', stranger('a'));
  queue.add('stranger 2', stranger('b'));
  queue.add('member', member('a'));
  expect(drained(queue)).toEqual(['member', 'stranger 1', 'stranger 2']);
});

test('one payer, or all strangers together, can fill their own part only', () => {
  const queue = new FairQueue<string>({ perPayer: 2, each: 3 });
  const added = ['a', 'a', 'a', 'b', 'c'].map((payer) => queue.add(payer, stranger(payer)));
  expect(added).toEqual([true, true, false, true, false]);
  expect(queue.add('member', member('a'))).toBe(true);
  expect(drained(queue)).toEqual(['member', 'a', 'b', 'a']);
  expect(queue.add('c', stranger('c'))).toBe(true);
});

test('an item that is removed takes no turn and no place', () => {
  const queue = new FairQueue<string>({ perPayer: 1, each: 2 });
  queue.add('a', stranger('a'));
  queue.add('b', stranger('b'));
  queue.remove('a', stranger('a'));
  queue.remove('never there', stranger('c'));
  expect(queue.add('d', stranger('d'))).toBe(true);
  expect(drained(queue)).toEqual(['b', 'd']);
});
