// The rate limiter: what a quota allows, how it recovers, and how many keys it remembers under a flood of keys.

import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from '../../src/bounds/rate-limiter.ts';
import { sized } from '../support/size.ts';

const QUOTA = { name: 'address', count: 10, window: 60 };

let time: number;
const now = () => new Date(time);
beforeEach(() => {
  time = 0;
});

/** How many of this many attempts are allowed. */
function allowed(limiter: RateLimiter, key: string, tries: number): number {
  return Array.from({ length: tries }, () => limiter.take(key).allowed).filter(Boolean).length;
}

describe('a key', () => {
  test('can use all of its quota at once, and then as the quota recovers', () => {
    const limiter = new RateLimiter(QUOTA, { now, capacity: 100 });
    expect(limiter.take('a')).toEqual({ quota: QUOTA, allowed: true, remaining: 9, reset: 6, retryAfter: 0 });
    expect(allowed(limiter, 'a', 20)).toBe(9);
    expect(limiter.take('a')).toEqual({ quota: QUOTA, allowed: false, remaining: 0, reset: 60, retryAfter: 6 });
    time = 5_999;
    expect(limiter.take('a')).toMatchObject({ allowed: false, retryAfter: 1 });
    time = 6_000;
    expect(allowed(limiter, 'a', 20)).toBe(1);
    time = 66_000;
    expect(allowed(limiter, 'a', 20)).toBe(10);
  });

  test('does not use the quota of another key', () => {
    const limiter = new RateLimiter(QUOTA, { now, capacity: 100 });
    allowed(limiter, 'a', 20);
    expect(allowed(limiter, 'b', 20)).toBe(10);
  });

  test('may take a part of an attempt or several at once', () => {
    const limiter = new RateLimiter(QUOTA, { now, capacity: 100 });
    expect(limiter.take('a', 8.5)).toMatchObject({ allowed: true, remaining: 1 });
    expect(limiter.take('a', 2)).toMatchObject({ allowed: false, remaining: 1, retryAfter: 3 });
    expect(limiter.take('a', 0.25)).toMatchObject({ allowed: true, remaining: 1 });
    expect(limiter.take('a', 1.25)).toMatchObject({ allowed: true, remaining: 0 });
    expect(limiter.take('a', 0.000_1).allowed).toBe(false);
    expect(limiter.take('a', 0).allowed).toBe(true);
  });

  test('has all of its quota again after it was forgiven', () => {
    const limiter = new RateLimiter(QUOTA, { now, capacity: 100 });
    allowed(limiter, 'a', 20);
    limiter.forgive('a');
    expect(allowed(limiter, 'a', 20)).toBe(10);
  });

  test('is not locked out by a clock that was set back', () => {
    time = 1_000_000_000;
    const limiter = new RateLimiter(QUOTA, { now, capacity: 100 });
    allowed(limiter, 'a', 20);
    time = 0;
    expect(limiter.take('a')).toMatchObject({ allowed: false, retryAfter: 6 });
    time = 6_000;
    expect(limiter.take('a').allowed).toBe(true);
  });

  test('never gets more than its quota and what recovered since, and its verdict names the right time of the next attempt', () => {
    const steps = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 90 }), steps, (count, window, waits) => {
        time = 0;
        const limiter = new RateLimiter({ name: 'any', count, window }, { now, capacity: 100 });
        const cost = Math.floor((window * 1_000) / count);
        let taken = 0;
        for (const wait of waits) {
          time += wait;
          const { allowed, remaining, retryAfter } = limiter.take('a');
          if (allowed) taken += 1;
          expect(taken).toBeLessThanOrEqual(count + Math.floor(time / cost));
          expect(allowed).toBe(retryAfter === 0);
          if (!allowed) expect(remaining).toBe(0);
        }
        const { allowed, retryAfter } = limiter.take('a');
        time += retryAfter * 1_000;
        if (!allowed) expect(limiter.take('a').allowed).toBe(true);
      }),
    );
  });
});

const FLOOD = sized(20_000, 1_000_000);
const CAPACITY = sized(1_000, 50_000);

describe(`under ${FLOOD} addresses`, () => {
  const address = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

  test('it remembers at most its capacity', () => {
    const limiter = new RateLimiter(QUOTA, { now, capacity: CAPACITY });
    let largest = 0;
    for (let index = 0; index < FLOOD; index++) {
      limiter.take(address(index));
      largest = Math.max(largest, limiter.size);
    }
    expect(largest).toBeLessThanOrEqual(CAPACITY);
  });

  test('it does not forget a key that keeps trying, even while it is refused', () => {
    const limiter = new RateLimiter(QUOTA, { now, capacity: CAPACITY });
    expect(allowed(limiter, 'active', 20)).toBe(10);
    for (let index = 0; index < FLOOD; index++) {
      limiter.take(address(index));
      if (index % (CAPACITY / 2 - 2) === 0) expect(limiter.take('active').allowed).toBe(false);
    }
  });

  test('it forgets an idle key only after at least half its capacity of other keys', () => {
    for (let before = 0; before < 500; before += 7) {
      const limiter = new RateLimiter(QUOTA, { now, capacity: 1_000 });
      for (let index = 0; index < before; index++) limiter.take(address(index));
      allowed(limiter, 'silent', 20);
      for (let index = 500; index < 999; index++) limiter.take(address(index));
      expect(limiter.take('silent').allowed).toBe(false);
      for (let index = 1_000; index < 2_000; index++) limiter.take(address(index));
      expect(limiter.take('silent').allowed).toBe(true);
    }
  });
});
