// Whole numbers in text: plain decimal digits and nothing else.
import { expect, test } from '@jest/globals';
import { numberParameter, parseWholeNumber } from '../../src/commands/numbers.ts';

test.each([
  ['0', 0],
  ['42', 42],
  ['007', 7],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['9007199254740993', Number.MAX_SAFE_INTEGER],
  ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
])('%s is %j', (text, number) => {
  expect(parseWholeNumber(text)).toBe(number);
});

test.each(['', ' ', ' 1', '1 ', '1\n', '+1', '-1', '1.0', '1e2', '0x1', '0b1', '1_000', 'Infinity', 'NaN', '١'])(
  '%j is no number',
  (text) => {
    expect(parseWholeNumber(text)).toBeUndefined();
  },
);

test('a parameter is refused for its size, a negative one too', () => {
  const parameter = numberParameter({ min: 1, max: 9 });
  expect(parameter.parse('9')).toBe(9);
  const issueOf = (value: unknown) => parameter.safeParse(value).error?.issues[0]?.code;
  expect(['0', '-3', '10', '9'.repeat(30)].map(issueOf)).toEqual(['too_small', 'too_small', 'too_big', 'too_big']);
  expect(['--1', '-', '', '0x1', ['1', '2'], null].map(issueOf)).toEqual(Array(6).fill('invalid_type'));
});
