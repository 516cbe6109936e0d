// Limits of attempts to sign in, by place and account; others cannot lock the owner of an account out.
import { beforeEach, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/app/limits.ts';
import { SignInLimits } from '../../src/identity/sign-in-limits.ts';

const MINUTE = 60_000;

let time: number;
let limits: SignInLimits;
beforeEach(() => {
  time = 0;
  limits = new SignInLimits(LIMITS.identity.signIn, () => new Date(time));
});

/** How many of this many attempts are allowed. */
function allowed(address: string, account: string, tries: number): number {
  return Array.from({ length: tries }, () => limits.allow(address, account).allowed).filter(Boolean).length;
}

test('one place has ten attempts a minute for one account', () => {
  expect(allowed('192.0.2.1', 'ann', 20)).toBe(10);
  expect(limits.allow('192.0.2.1', 'ann')).toMatchObject({ allowed: false, retryAfter: 6 });
  expect(allowed('192.0.2.1', 'bob', 20)).toBe(10);
  expect(allowed('192.0.2.2', 'ann', 20)).toBe(10);
  time = 6_000;
  expect(limits.allow('192.0.2.1', 'ann').allowed).toBe(true);
});

test('the hosts of an IPv6 network are one place', () => {
  expect(allowed('2001:db8::1', 'ann', 20)).toBe(10);
  expect(allowed('2001:db8::2', 'ann', 20)).toBe(0);
});

test('all places together have thirty attempts an hour for one account', () => {
  const places = Array.from({ length: 100 }, (_, index) => `192.0.2.${index}`);
  expect(places.filter((place) => limits.allow(place, 'ann').allowed)).toHaveLength(30);
  expect(limits.allow('198.51.100.1', 'ann')).toMatchObject({ allowed: false, retryAfter: 120 });
  expect(limits.allow('198.51.100.1', 'bob').allowed).toBe(true);
});

test('one place has sixty attempts a minute for all accounts', () => {
  const accounts = Array.from({ length: 100 }, (_, index) => `account ${index}`);
  expect(accounts.filter((account) => limits.allow('192.0.2.1', account).allowed)).toHaveLength(60);
  expect(limits.allow('192.0.2.2', 'account 99').allowed).toBe(true);
});

test('signing in restores all attempts for this account only', () => {
  allowed('192.0.2.1', 'ann', 11);
  allowed('192.0.2.1', 'bob', 11);
  limits.succeeded('192.0.2.1', 'ann');
  expect(allowed('192.0.2.1', 'bob', 11)).toBe(0);
  expect(allowed('192.0.2.1', 'ann', 11)).toBe(10);
});

test('attackers cannot lock out a place that has signed in before, and nobody guesses faster from there', () => {
  limits.allow('192.0.2.1', 'ann');
  limits.succeeded('192.0.2.1', 'ann');
  for (let place = 0; place < 100; place++) limits.allow(`198.51.100.${place}`, 'ann');
  expect(limits.allow('203.0.113.1', 'ann').allowed).toBe(false);
  let tries = 0;
  for (let minute = 0; minute < 60; minute++) {
    time = minute * MINUTE;
    tries += allowed('192.0.2.1', 'ann', 20);
  }
  // Thirty at once, and those that grow back within the hour.
  expect(tries).toBe(30 + 29);
});
