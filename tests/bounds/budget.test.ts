// Budgets: what a key can spend, how it recovers, and that debts have an end.

import { beforeEach, expect, test } from '@jest/globals';
import { Budget } from '../../src/bounds/budget.ts';

let time: number;
let budget: Budget;
beforeEach(() => {
  time = 0;
  budget = new Budget({ amount: 300, window: 60 }, { now: () => new Date(time), capacity: 100 });
});

test('a key can spend its allowance at once, and is then in debt by what it spent too much', () => {
  budget.charge('a', 299);
  expect(budget.wait('a')).toBe(0);
  budget.charge('a', 101);
  expect(budget.wait('a')).toBe(20_000);
  expect(budget.wait('b')).toBe(0);
});

test('a key recovers at a constant rate', () => {
  budget.charge('a', 330);
  time = 5_000;
  expect(budget.wait('a')).toBe(1_000);
  time = 6_000;
  expect(budget.wait('a')).toBe(0);
  budget.charge('a', 5);
  expect(budget.wait('a')).toBe(1_000);
  time = 67_000;
  budget.charge('a', 299);
  expect(budget.wait('a')).toBe(0);
});

test('no debt is longer than two windows, also when the clock is set back', () => {
  budget.charge('a', 1_000_000);
  expect(budget.wait('a')).toBe(120_000);
  time = -86_400_000;
  expect(budget.wait('a')).toBe(120_000);
});

test('only the keys that were charged last are stored', () => {
  for (let key = 0; key < 1_000; key += 1) budget.charge(`${key}`, 400);
  expect([budget.wait('999'), budget.wait('0')]).toEqual([20_000, 0]);
});
