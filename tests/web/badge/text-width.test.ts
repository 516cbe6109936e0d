// The widths of texts in badges, and how a text is cut that is too long for one.
import { expect, test } from '@jest/globals';
import { fittedText, textWidth } from '../../../src/web/badge/text-width.ts';

test('a text is as wide as Verdana makes it', () => {
  expect([textWidth('Mail'), textWidth('iiii'), textWidth('WWWW')]).toEqual([21.9, 12, 43.6]);
  expect(textWidth('Größe')).toBe(textWidth('Große'));
  expect(textWidth('99.98\u00a0%')).toBe(textWidth('99.98 %'));
  expect([textWidth('Почта'), textWidth('支付')]).toEqual([35, 22]);
});

test('a text that is too long is cut between what readers see as characters', () => {
  expect(fittedText('Mail', 21.9)).toBe('Mail');
  expect(fittedText('Mail and files', 60)).toBe('Mail and…');
  const family = '👨‍👩‍👧';
  expect(fittedText(family.repeat(9), 3 * textWidth(family))).toBe(`${family.repeat(2)}…`);
});
