// The text form of API keys: writing, reading, and recognising invalid keys without a look-up.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newSecret, readApiKey, writeApiKey } from '../../src/identity/api-key-text.ts';

const key = fc.record({ id: fc.uuid(), secret: fc.constant(0).map(() => newSecret()) });

describe('an API key', () => {
  test('has the form that secret scanners search for', () => {
    expect(writeApiKey({ id: '0198c0de-0000-7000-8000-000000000000', secret: newSecret() })).toMatch(
      /^plv_[0-9A-Za-z]{68}$/,
    );
  });

  test('has a checksum that others can compute: base 62 of the CRC-32 of all before it', () => {
    const id = '0198c0de-0000-7000-8000-000000000000';
    const text = writeApiKey({ id, secret: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd' });
    expect(text).toBe('plv_030neLrnQJSRroCVCCJRsO0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd3RjQKJ');
  });

  test('is read as it was written', () => {
    fc.assert(fc.property(key, (parts) => expect(readApiKey(writeApiKey(parts))).toEqual(parts)));
  });

  test('is invalid with any character changed or missing', () => {
    fc.assert(
      fc.property(key, fc.nat(71), fc.constantFrom(...'09AZaz_-'), (parts, place, character) => {
        const text = writeApiKey(parts);
        fc.pre(text[place] !== character);
        expect(readApiKey(text.slice(0, place) + character + text.slice(place + 1))).toBeUndefined();
        expect(readApiKey(text.slice(0, place) + text.slice(place + 1))).toBeUndefined();
      }),
    );
  });
});

test('secrets use all characters equally often, and differ', () => {
  const secrets = Array.from({ length: 2_000 }, newSecret);
  expect(new Set(secrets).size).toBe(2_000);
  const counts = new Map<string, number>();
  for (const character of secrets.join('')) counts.set(character, (counts.get(character) ?? 0) + 1);
  // 80,000 characters of 62: about 1,290 each, give or take 36.
  expect(counts.size).toBe(62);
  for (const count of counts.values()) expect(Math.abs(count - 1_290)).toBeLessThan(250);
});
