// Where free text is, and how it is blanked.
import { expect, test } from '@jest/globals';
import { blankAt, textsAt } from '../../../projections/events/texts.ts';

const whole = {
  title: 'hunter2',
  count: 2,
  names: ['hunter2', 'API'],
  updates: [
    { id: 'a', message: 'hunter2' },
    { id: 'b/c', message: 'Found' },
  ],
  translations: { de: { title: 'hunter2' } },
};

test('every string at or below the pointers is blanked; keys, numbers and everything else stay', () => {
  const pointers = ['/title', '/count', '/names', '/updates/b~1c/message', '/translations', '/missing/member'];
  expect(blankAt(whole, pointers)).toEqual({
    title: '[redacted]',
    count: 2,
    names: ['[redacted]', '[redacted]'],
    updates: [
      { id: 'a', message: 'hunter2' },
      { id: 'b/c', message: '[redacted]' },
    ],
    translations: { de: { title: '[redacted]' } },
  });
});

test('each string has a pointer of its own, by the id of an item where it has one', () => {
  expect([...textsAt(whole, '/names')]).toEqual([
    ['/names/0', 'hunter2'],
    ['/names/1', 'API'],
  ]);
  expect([...textsAt(whole, '/updates/b~1c')]).toEqual([
    ['/updates/b~1c/id', 'b/c'],
    ['/updates/b~1c/message', 'Found'],
  ]);
  expect([...textsAt(whole, '/translations'), ...textsAt(whole, '/count'), ...textsAt(undefined, '/title')]).toEqual([
    ['/translations/de/title', 'hunter2'],
  ]);
});
