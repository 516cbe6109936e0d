// What all catalogues have in common, besides their shape, which the type holds.
import { describe, expect, test } from '@jest/globals';
import { LANGUAGES, wordsOf } from '../../../src/text/words/languages.ts';
import type { ScriptWords } from '../../../src/text/words/words.ts';
import { pseudo, pseudoWords } from '../../support/pseudo-words.ts';

const en = wordsOf('en');

/** The texts of a catalogue that no value changes, by their place in it. */
function textsIn(value: object, path: readonly string[] = []): [place: string, text: string][] {
  return Object.entries(value).flatMap(([key, part]) => {
    const place = [...path, key];
    if (typeof part === 'string') return [[place.join('.'), part]];
    return typeof part === 'object' ? textsIn(part, place) : [];
  });
}

const english = new Map(textsIn(en));
const placeholders = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

/** Labels stand in columns and on buttons; sentences wrap. */
const LONGEST_LABEL = 24;
/** German has no shorter words for some of the shortest labels. */
const ALLOWANCE = 8;

describe.each(LANGUAGES)('the words of %s', (language) => {
  const words = wordsOf(language);
  const texts = textsIn(words);

  test('name their language', () => {
    expect([words.language, words.locale.split('-')[0]]).toEqual([language, language]);
    expect(words.script.locale).toBe(words.locale);
  });

  test('have the placeholders that the English ones have', () => {
    // How a date is put together differs.
    const compared = texts.filter(([place]) => !/(^|\.)format\./.test(place));
    expect(compared.map(([place, text]) => [place, placeholders(text)])).toEqual(
      compared.map(([place]) => [place, placeholders(english.get(place))]),
    );
  });

  test('do not shout, apologise or break before a unit', () => {
    for (const [place, text] of texts) {
      expect([place, text]).toEqual([place, expect.not.stringMatching(/!|sorry|apolog|entschuldig|\d %/i)]);
    }
  });

  test('have labels that fit where the English ones do', () => {
    const tooLong = texts.filter(([place, text]) => {
      const { length } = english.get(place) ?? '';
      return length <= LONGEST_LABEL && text.length > 1.4 * length + ALLOWANCE;
    });
    expect(tooLong).toEqual([]);
  });

  test('reach the script as JSON', () => {
    const script: ScriptWords = words.script;
    expect(JSON.parse(JSON.stringify(script))).toEqual(script);
  });
});

test('no language is left with words of another', () => {
  const own = ['language', 'locale', 'name'].map((key) => LANGUAGES.map((each) => Reflect.get(wordsOf(each), key)));
  for (const names of own) expect(new Set(names).size).toBe(LANGUAGES.length);
});

test('the pseudo-language disguises all texts, and no value', () => {
  const words = pseudoWords(en);
  expect(words.direction).toBe('rtl');
  expect(words.services.heading).toBe(pseudo('Services'));
  expect(words.services.total(2)).toBe(pseudo('2 services'));
  expect(placeholders(words.incident.since)).toEqual(['{time}']);
  expect(words.format).toBe(en.format);
});
