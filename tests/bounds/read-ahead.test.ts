// Reading ahead: at most one item early, no item lost, and a failure reported in its place.
import { expect, test } from '@jest/globals';
import { readAhead } from '../../src/bounds/read-ahead.ts';

function source(count: number, failAt = Number.POSITIVE_INFINITY) {
  const seen = { asked: 0, isClosed: false };
  async function* items() {
    try {
      for (let item = 1; item <= count; item += 1) {
        seen.asked = item;
        if (item === failAt) throw new Error(`There is no ${item}.`);
        yield item;
      }
    } finally {
      seen.isClosed = true;
    }
  }
  return { seen, items: items() };
}

test('every item comes once and in order, while the next one is already requested', async () => {
  const { seen, items } = source(4);
  const asked: [number, number][] = [];
  for await (const item of readAhead(items)) {
    // The source runs up to its next item as soon as it is asked.
    await Promise.resolve();
    asked.push([item, seen.asked]);
  }
  expect(asked).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 4],
  ]);
});

test('a failure is thrown after the items before it', async () => {
  const { items } = source(4, 3);
  const taken: number[] = [];
  const taking = async () => {
    for await (const item of readAhead(items)) taken.push(item);
  };
  await expect(taking()).rejects.toThrow('There is no 3.');
  expect(taken).toEqual([1, 2]);
});

test('a consumer that stops early gets no failure, and the source is closed', async () => {
  const { seen, items } = source(4, 2);
  for await (const item of readAhead(items)) {
    expect(item).toBe(1);
    break;
  }
  expect(seen.isClosed).toBe(true);
});
