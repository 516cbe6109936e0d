// The budget of catching up: by address, for what a client asks for again.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { RateLimiter } from '../../src/bounds/rate-limiter.ts';
import { CatchUpBudget } from '../../src/realtime/catch-up-budget.ts';
import type { Client } from '../../src/realtime/client.ts';

/** A minute's worth is 1,000 bytes. */
const QUOTA = { name: 'catch-up', count: 10, window: 60 };
const UNIT = 100;

let time: number;
let budget: CatchUpBudget;
beforeEach(() => {
  time = 0;
  const limiter = new RateLimiter(QUOTA, { now: () => new Date(time), capacity: 100 });
  budget = new CatchUpBudget({ limiter, unit: UNIT, freeRooms: 3, clientAddress: ({ url }) => url ?? '' });
});

/** A client at this address. */
const clientAt = (url: string) => ({ request: { url } }) as Client;

describe('a client', () => {
  test('gets the first bytes of each room for nothing, and pays for all later ones', () => {
    const client = clientAt('192.0.2.1');
    expect(budget.spend(client, 'org:a', 5_000)).toBe(true);
    expect(budget.spend(client, 'org:b', 5_000)).toBe(true);
    expect(budget.spend(client, 'org:a', 600)).toBe(true);
    expect(budget.spend(client, 'org:b', 600)).toBe(false);
    expect(budget.spend(client, 'org:b', 400)).toBe(true);
    expect(budget.spend(client, 'org:a', 1)).toBe(false);
    time = 30_000;
    expect(budget.spend(client, 'org:a', 500)).toBe(true);
    expect(budget.spend(client, 'org:a', 1)).toBe(false);
  });

  test('that missed nothing pays nothing, and has its free bytes still', () => {
    const client = clientAt('192.0.2.1');
    expect(budget.spend(client, 'org:a', 0)).toBe(true);
    expect(budget.spend(client, 'org:a', 5_000)).toBe(true);
    expect(budget.spend(client, 'org:a', 1_000)).toBe(true);
    expect(budget.spend(client, 'org:a', 0)).toBe(true);
    expect(budget.spend(client, 'org:a', 1)).toBe(false);
  });
});

test('clients at one address or in one IPv6 network share it, and others have their own', () => {
  const spend = (url: string) => {
    const client = clientAt(url);
    budget.spend(client, 'org:a', 1);
    return budget.spend(client, 'org:a', 600);
  };
  expect(['192.0.2.1', '192.0.2.1', '192.0.2.2'].map(spend)).toEqual([true, false, true]);
  expect(['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'].map(spend)).toEqual([true, false, true]);
});

test('rooms beyond those that are free are paid for from the first time on, whatever they are called', () => {
  const client = clientAt('192.0.2.1');
  for (const room of ['tenant:a', 'tenant:b', 'tenant:c']) expect(budget.spend(client, room, 5_000)).toBe(true);
  expect(budget.spend(client, 'tenant:d', 5_000)).toBe(false);
  expect(budget.spend(client, 'tenant:d', 5_000)).toBe(false);
});
