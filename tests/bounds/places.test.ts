// Places: how many each payer has, and that strangers leave some to the others.

import { expect, test } from '@jest/globals';
import { Places } from '../../src/bounds/places.ts';
import type { Payer } from '../../src/bounds/turns.ts';

const LIMITS = { total: 6, strangers: 3, perPayer: 2 };

const payer = (key: string, more: Partial<Payer>): Payer => ({
  key,
  isStranger: false,
  isAddress: false,
  wait: 0,
  charge() {},
  ...more,
});
const stranger = (key: string) => payer(key, { isStranger: true, isAddress: true });
const member = (key: string) => payer(key, {});

test('each payer has some', () => {
  const places = new Places(LIMITS, true);
  const first = places.take(stranger('a'));
  places.take(stranger('a'));
  expect(places.take(stranger('a'))).toBe('payer');
  expect(places.take(stranger('b'))).toBeInstanceOf(Function);
  if (typeof first === 'function') first();
  expect(places.take(stranger('a'))).toBeInstanceOf(Function);
});

test('strangers leave the rest to others', () => {
  const places = new Places(LIMITS, true);
  for (const key of ['a', 'b', 'c']) places.take(stranger(key));
  expect(places.take(stranger('d'))).toBe('all');
  for (const key of ['x', 'y', 'z']) expect(places.take(member(key))).toBeInstanceOf(Function);
  expect(places.take(member('last'))).toBe('all');
});

test('where addresses are not limited, the totals still are', () => {
  const places = new Places(LIMITS, false);
  for (let time = 0; time < 3; time += 1) expect(places.take(stranger('a'))).toBeInstanceOf(Function);
  expect(places.take(stranger('a'))).toBe('all');
  places.take(member('x'));
  places.take(member('x'));
  expect(places.take(member('x'))).toBe('payer');
});
