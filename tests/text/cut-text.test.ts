// Texts that are cut to the room that there is for them.
import { expect, test } from '@jest/globals';
import { cutText } from '../../src/text/cut-text.ts';

test.each([
  ['abcde', 'abcde'],
  ['abcdef', 'abcd…'],
  ['abc def', 'abc…'],
  ['abc😀def', 'abc…'],
  ['ab😀def', 'ab😀…'],
])('%j in five characters is %j', (text, cut) => {
  expect(cutText(text, 5)).toBe(cut);
});
