// Texts with placeholders.
import { expect, test } from '@jest/globals';
import { fill, filled } from '../../src/text/fill.ts';

test('a value stands where the language puts it, whatever it is', () => {
  const link = { href: '/x' };
  expect(fill('by {time}, {link}.', { time: '11:10', link })).toEqual(['by ', '11:10', ', ', link, '.']);
  expect(fill('{link}', { link })).toEqual([link]);
});

test('a text without placeholders is itself', () => {
  expect(fill('Nothing', {})).toEqual(['Nothing']);
});

test('a placeholder without a value stays, and a value is not filled in turn', () => {
  expect(filled('{a} {b}', { a: '{b}' })).toBe('{b} {b}');
});
