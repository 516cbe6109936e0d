// The fields that several commands share: names and texts that show something, times with any offset, and what has changed.
import { describe, expect, test } from '@jest/globals';
import { changedMembers, nameField, textField } from '../../src/commands/fields.ts';
import { timeField } from '../../src/commands/times.ts';

describe('a name', () => {
  test.each(['API', 'Zu\u0308rich', '北京', 'نظام', 'न\u200dम', '👩‍👩‍👧‍👦', '🏳️‍🌈', '❤️', '🇨🇭', '1️⃣', '\u200bAPI'])(
    'may be %j, as it was sent',
    (name) => {
      expect(nameField.parse(name)).toBe(name);
    },
  );

  test.each([
    ['nothing', ''],
    ['blanks', ' \u00a0\u3000\u2003'],
    ['zero-width spaces', '\u200b\u2060\ufeff'],
    ['joiners', '\u200d\u200c'],
    ['soft hyphens', '\u00ad'],
    ['variation selectors', '\ufe0f\u{e0100}'],
    ['marks of direction', '\u200e\u202e\u2066'],
    ['Hangul fillers', '\u3164\u115f\uffa0'],
    ['a blank Braille pattern', '\u2800'],
    ['invisible blanks of many kinds', '\u200b \u00ad\u2800'],
  ])('cannot be %s', (_what, name) => {
    expect(nameField.safeParse(name).success).toBe(false);
    expect(textField.safeParse(name).success).toBe(false);
  });
});

describe('a member has not changed', () => {
  test.each([
    ['if it is the same', { name: 'API' }, { name: 'API' }],
    ['if its letters are the same', { name: 'Z\u00fcrich' }, { name: 'Zu\u0308rich' }],
    ['if the letters of its items are the same', { named: ['Z\u00fcrich', 'B'] }, { named: ['Zu\u0308rich', 'B'] }],
    ['if it is not named', { name: 'API' }, { name: undefined }],
  ])('%s', (_case, current: object, requested: object) => {
    expect(changedMembers(current, requested)).toBeUndefined();
  });

  test.each([
    [{ name: 'ﬁn' }, { name: 'fin' }],
    [{ name: 'api' }, { name: 'API' }],
    [{ named: ['A', 'B'] }, { named: ['B', 'A'] }],
    [{ named: ['A'] }, { named: ['A', 'A'] }],
    [{ named: ['A', 'A'] }, { named: ['A'] }],
    [{ impacts: { a: 'major' } }, { impacts: { a: 'partial' } }],
  ])('unlike %j and %j', (current: object, requested: object) => {
    expect(changedMembers(current, requested)).toEqual(requested);
  });
});

describe('a time', () => {
  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00.5Z', '2026-03-01T10:00:00.500Z'],
    ['2026-03-01T10:00:00.123999Z', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
    ['2026-02-28T23:30:00-05:30', '2026-03-01T05:00:00.000Z'],
    ['2026-03-01t10:00:00z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01t10:00:00.5+02:00', '2026-03-01T08:00:00.500Z'],
    ['2026-03-01T10:00:00-00:00', '2026-03-01T10:00:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ])('%s is stored as %s', (given, kept) => {
    expect(timeField.parse(given)).toBe(kept);
  });

  test.each([
    '',
    'yesterday',
    '2026-03-01',
    '2026-03-01T10:00Z',
    '2026-03-01 10:00:00Z',
    ' 2026-03-01T10:00:00Z',
    '2026-03-01T10:00:00Z\n',
    '2026-03-01T10:00:00',
    '2026-02-30T10:00:00Z',
    '2026-03-01T25:00:00Z',
    '0000-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    1_772_359_200_000,
    null,
  ])('%j is not a time', (given) => {
    expect(timeField.safeParse(given).success).toBe(false);
  });
});
