// Which passwords are refused because attackers try them first.
import { expect, test } from '@jest/globals';
import { isCommonPassword } from '../../src/identity/common-passwords.ts';

test.each([
  ...[
    '123456789012',
    '1234567890123',
    '1q2w3e4r5t6y',
    'qwertyuiop12',
    'administrator',
    'Unbelievable',
    ' 1qaz2wsx3edc ',
  ],
  ...['password1234', 'Password1234!', 'PASSWORD-2026', '2026letmein!', 'iloveyou1234', '!!!!dragon!!'],
  ...['passwordpassword', 'trustno1trustno1', '111111111111', 'abababababab', 'xyzxyzxyzxyz', 'abcdefghijkl'],
  ...['987654321098', '098765432109', 'zyxwvutsrqpo', 'ЙЙЙЙЙЙЙЙЙЙЙЙ', '１２３４５６７８９０１２'],
])('%j is common', async (password) => {
  expect(await isCommonPassword(password)).toBe(true);
});

test.each([
  ...['correct horse battery', 'analytical engine', 'dragon-8472950164', 'kV7#qpz2L!mw', 'one password of mine'],
  ...['Zürich im Winter', 'abcdefghijkz', '北京的冬天非常冷但是很美', '839201746352'],
])('%j is not', async (password) => {
  expect(await isCommonPassword(password)).toBe(false);
});
