// When a page asks again.
import { expect, test } from '@jest/globals';
import { pauseAfter, waitFor, waitUntil } from '../../../src/web/browser/delays.ts';

const NOW = Date.parse('2026-11-29T10:00:00Z');

test('pages are spread over the time that they may take', () => {
  expect(waitFor(300, { now: NOW, notBefore: 0, random: 0 })).toBe(0);
  expect(waitFor(300, { now: NOW, notBefore: 0, random: 0.5 })).toBe(150);
});

test('no page asks before its pause is over', () => {
  expect(waitFor(300, { now: NOW, notBefore: NOW + 500, random: 0.5 })).toBe(500);
});

test('a pause is half a second, or what the server asks for, and five minutes at most', () => {
  expect(pauseAfter(null, NOW)).toBe(500);
  expect(pauseAfter('7', NOW)).toBe(7_000);
  expect(pauseAfter('Sun, 29 Nov 2026 10:00:09 GMT', NOW)).toBe(9_000);
  expect(pauseAfter('86400', NOW)).toBe(300_000);
});

test.each(['0', '', 'soon', '-3'])('a pause of "%s" is half a second', (retryAfter) => {
  expect(pauseAfter(retryAfter, NOW)).toBe(500);
});

test('a page waits for the moment that it names, as far as a browser can', () => {
  expect(waitUntil('2026-11-29T10:00:05Z', NOW)).toBe(5_000);
  expect(waitUntil('2027-11-29T10:00:05Z', NOW)).toBe(2 ** 31 - 1);
});

test.each([undefined, '', '2026-11-29T09:59:59Z'])('there is nothing to wait for in %s', (moment) => {
  expect(waitUntil(moment, NOW)).toBeUndefined();
});
