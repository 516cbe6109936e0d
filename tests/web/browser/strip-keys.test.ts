// Where keys lead on a strip.
import { expect, test } from '@jest/globals';
import { dayAtKey } from '../../../src/web/browser/strip-keys.ts';

const drawn = { first: 60, last: 89, isLeftToRight: true };

test.each([
  ['ArrowLeft', 79],
  ['ArrowRight', 81],
  ['ArrowDown', 79],
  ['ArrowUp', 81],
  ['PageDown', 73],
  ['PageUp', 87],
  ['Home', 60],
  ['End', 89],
])('%s', (key, day) => {
  expect(dayAtKey(key, 80, drawn)).toBe(day);
});

test('no key leads out of the days that are drawn', () => {
  expect(dayAtKey('PageUp', 88, drawn)).toBe(89);
  expect(dayAtKey('ArrowLeft', 60, drawn)).toBe(60);
});

test('where the days run to the left, so do the arrows', () => {
  const mirrored = { ...drawn, isLeftToRight: false };
  expect([dayAtKey('ArrowLeft', 80, mirrored), dayAtKey('ArrowRight', 80, mirrored)]).toEqual([81, 79]);
});

test('other keys mean nothing', () => {
  expect(dayAtKey('a', 80, drawn)).toBeUndefined();
});
