// Which language there is for a tag.
import { expect, test } from '@jest/globals';
import { LANGUAGES, languageOf } from '../../../src/text/words/languages.ts';

test.each([
  ['en', 'en'],
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE-at', 'de'],
  ['en-Latn-GB', 'en'],
  ['den', undefined],
  ['fr', undefined],
  ['*', undefined],
  ['', undefined],
  ['-de', undefined],
])('of %j it is %j', (tag, language) => {
  expect(languageOf(tag)).toBe(language);
});

test('each that there is has its own tag', () => {
  expect(LANGUAGES.map(languageOf)).toEqual(LANGUAGES);
});
