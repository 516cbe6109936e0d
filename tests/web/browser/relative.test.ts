// What a moment is to the present, in words.
import { expect, test } from '@jest/globals';
import { de } from '../../../src/text/words/de.ts';
import { en } from '../../../src/text/words/en.ts';
import { nextTick, type RelativeKind, relativeText } from '../../../src/web/browser/relative.ts';

const NOW = Date.parse('2026-11-29T10:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `after` the moment, in milliseconds; negative before it. */
const text = (kind: RelativeKind, after: number, words = en.script) =>
  relativeText(kind, NOW - after, NOW, words).replace(/\s/g, ' ');

test.each([
  [0, 'just now'],
  [44 * SECOND, 'just now'],
  [46 * SECOND, '1 minute ago'],
  [4 * MINUTE, '4 minutes ago'],
  [59 * MINUTE + 59 * SECOND, '59 minutes ago'],
  [HOUR, '1 hour ago'],
  [23 * HOUR, '23 hours ago'],
  [24 * HOUR, ''],
  [-5 * SECOND, 'just now'],
])('%i ms ago', (after, said) => {
  expect(text('ago', after)).toBe(said);
});

test('how long something has lasted', () => {
  expect(text('lasts', HOUR + 47 * MINUTE)).toBe('1 h 47 min');
  expect(text('lasts', 20 * SECOND)).toBe('1 min');
  expect(text('lasts', -MINUTE)).toBe('1 min');
});

test.each([
  [-28 * MINUTE, 'in 28 min'],
  [-MINUTE, 'in 1 min'],
  [-59 * SECOND, 'any moment'],
  [59 * SECOND, 'any moment'],
  [4 * MINUTE, 'overdue by 4 min'],
])('due, %i ms after it', (after, said) => {
  expect(text('due', after)).toBe(said);
});

test('in the language of the page', () => {
  expect(text('ago', 4 * MINUTE, de.script)).toBe('vor 4 Minuten');
});

test('words change when the first of the moments is a whole minute away', () => {
  expect(nextTick([], NOW)).toBe(MINUTE);
  expect(nextTick([NOW - 10 * SECOND], NOW)).toBe(50 * SECOND);
  expect(nextTick([NOW - 10 * SECOND, NOW + 20 * SECOND], NOW)).toBe(20 * SECOND);
});
