// Texts in other languages: what a body may say, and when an event records it.
import { describe, expect, test } from '@jest/globals';
import { translations } from '../../projections/events/translations.ts';
import { nameField, textField } from '../../src/commands/fields.ts';
import { translationsField, withTranslations } from '../../src/commands/translations.ts';

const field = translationsField({ name: nameField, description: textField });
const issueOf = (sent: unknown) => field.safeParse(sent).error?.issues.map(({ path, message }) => ({ path, message }));

describe('translations in a body', () => {
  test('come out by canonical language tag, with some or all of the texts', () => {
    const sent = { 'DE-at': { name: ' Suche ' }, 'zh-hant-tw': { name: '搜尋', description: '尋找' } };
    expect(field.parse(sent)).toEqual({
      'de-AT': { name: 'Suche' },
      'zh-Hant-TW': { name: '搜尋', description: '尋找' },
    });
    expect(field.parse({})).toEqual({});
    expect(translations.parse(field.parse(sent))).toEqual(field.parse(sent));
  });

  test.each([
    ['what is no language', { de_AT: { name: 'Suche' } }, ['de_AT']],
    ['one language twice', { de: { name: 'Suche' }, DE: { name: 'Finden' } }, ['DE']],
    ['a language without a text', { de: {} }, ['de']],
    ['a text that the entity does not have', { de: { name: 'Suche', title: 'Suche' } }, ['de']],
    ['a text that breaks the rules of its member', { de: { name: 'Such\ne' } }, ['de', 'name']],
    ['too many languages', Object.fromEntries([...'abcdefghijklmnopqrstu'].map((l) => [`e${l}`, { name: l }])), []],
  ])('cannot have %s', (_what, sent, path) => {
    expect(issueOf(sent)).toEqual([expect.objectContaining({ path })]);
  });
});

describe('an event records translations', () => {
  const current = { de: { name: 'Suche' } };

  test('that differ, or come with a changed text: a text that changes without them drops them', () => {
    const sent = { fr: { name: 'Recherche' } };
    expect(withTranslations(undefined, current, sent)).toEqual({ translations: sent });
    expect(withTranslations({ name: 'Finder' }, current, current)).toEqual({ name: 'Finder', translations: current });
    expect(withTranslations({ name: 'Finder' }, current, undefined)).toEqual({ name: 'Finder' });
    expect(withTranslations(undefined, current, {})).toEqual({ translations: {} });
  });

  test('not if nothing changes', () => {
    expect(withTranslations(undefined, current, current)).toBeUndefined();
    expect(withTranslations(undefined, null, {})).toBeUndefined();
    expect(withTranslations(undefined, current, undefined)).toBeUndefined();
  });
});
