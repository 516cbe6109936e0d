// Limits of attempts to sign in, by place, network and account; others cannot lock the owner of an account out.
import { beforeEach, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/app/limits.ts';
import { SignInLimits } from '../../src/identity/sign-in-limits.ts';

const MINUTE = 60_000;

let time: number;
let known: Set<string>;
let limits: SignInLimits;
beforeEach(() => {
  time = 0;
  known = new Set();
  const knownPlaces = { has: async (address: string, account: string) => known.has(`${address} ${account}`) };
  limits = new SignInLimits(LIMITS.identity.signIn, { knownPlaces, now: () => new Date(time) });
});

async function isAllowed(address: string, account: string): Promise<boolean> {
  return (await limits.allow(address, account)).allowed;
}

/** How many of these attempts are allowed. */
async function countAllowed(attempts: readonly (readonly [address: string, account: string])[]): Promise<number> {
  let count = 0;
  for (const [address, account] of attempts) if (await isAllowed(address, account)) count += 1;
  return count;
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** How many of this many attempts from one place are allowed. */
function allowed(address: string, account: string, count: number): Promise<number> {
  return countAllowed(times(count, () => [address, account] as const));
}

test('one place has ten attempts a minute for one account', async () => {
  expect(await allowed('192.0.2.1', 'ann', 20)).toBe(10);
  expect(await limits.allow('192.0.2.1', 'ann')).toMatchObject({ allowed: false, retryAfter: 6 });
  expect(await allowed('192.0.2.1', 'bob', 20)).toBe(10);
  expect(await allowed('198.51.100.2', 'ann', 20)).toBe(10);
  time = 6_000;
  expect(await isAllowed('192.0.2.1', 'ann')).toBe(true);
});

test('the hosts of an IPv6 network are one place', async () => {
  expect(await allowed('2001:db8::1', 'ann', 20)).toBe(10);
  expect(await allowed('2001:db8::2', 'ann', 20)).toBe(0);
});

test('all places together have thirty attempts an hour for one account', async () => {
  const places = times(100, (index) => [`192.0.${index}.1`, 'ann'] as const);
  expect(await countAllowed(places)).toBe(30);
  expect(await limits.allow('198.51.100.1', 'ann')).toMatchObject({ allowed: false, retryAfter: 120 });
  expect(await isAllowed('198.51.100.1', 'bob')).toBe(true);
});

test.each([
  ['an IPv6 /48', (index: number) => `2001:db8:1:${index.toString(16)}::1`, '2001:db8:2::1'],
  ['an IPv4 /24', (index: number) => `192.0.2.${index}`, '198.51.100.1'],
])(
  '%s has half of the attempts for one account, so that another network can always sign in',
  async (_network, addressOf, other) => {
    for (let hour = 0; hour < 3; hour++) {
      time = hour * 60 * MINUTE;
      expect(await countAllowed(times(100, (index) => [addressOf(index), 'ann'] as const))).toBe(15);
      expect(await isAllowed(other, 'ann')).toBe(true);
    }
  },
);

test('one place has sixty attempts a minute for all accounts, and a network of many places three hundred', async () => {
  const accounts = times(100, (index) => `account ${index}`);
  expect(await countAllowed(accounts.map((account) => ['192.0.2.1', account] as const))).toBe(60);
  expect(await isAllowed('192.0.2.2', 'account 99')).toBe(true);
  const places = times(20, (index) => accounts.map((account) => [`192.0.2.${index}`, `${index} ${account}`] as const));
  expect(await countAllowed(places.flat())).toBe(300 - 61);
  expect(await isAllowed('198.51.100.1', 'account 0')).toBe(true);
});

test('signing in restores all attempts of a place, for this account only', async () => {
  await allowed('192.0.2.1', 'ann', 11);
  await allowed('192.0.2.1', 'bob', 11);
  await limits.succeeded('192.0.2.1', 'ann');
  known.add('192.0.2.1 ann');
  expect(await allowed('192.0.2.1', 'bob', 11)).toBe(0);
  expect(await allowed('192.0.2.1', 'ann', 11)).toBe(10);
});

test('others cannot lock a person out at a known place, whether they are many networks or neighbours', async () => {
  known.add('192.0.2.1 ann');
  await countAllowed(times(100, (index) => [`198.51.${index}.1`, 'ann'] as const));
  expect(await isAllowed('203.0.113.1', 'ann')).toBe(false);
  await countAllowed(times(400, (index) => [`192.0.2.${2 + (index % 200)}`, `account ${index}`] as const));
  expect(await isAllowed('192.0.2.202', 'ann')).toBe(false);
  expect(await isAllowed('192.0.2.1', 'ann')).toBe(true);
});

test('nobody guesses faster from a known place', async () => {
  known.add('192.0.2.1 ann');
  let attempts = 0;
  for (let minute = 0; minute < 60; minute++) {
    time = minute * MINUTE;
    attempts += await allowed('192.0.2.1', 'ann', 20);
  }
  // Thirty at once, and those that are replenished within the hour.
  expect(attempts).toBe(30 + 29);
});

test('of the attempts that wait, those from known places come first', async () => {
  known.add('192.0.2.1 anna');
  const order: string[] = [];
  const attempt = (address: string) =>
    limits.inTurn(address, 'anna', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(address);
    });
  const crowd = Array.from({ length: 20 }, (_, network) => `198.51.${network}.1`);
  await Promise.all([...crowd, '192.0.2.1'].map(attempt));
  expect(order.indexOf('192.0.2.1')).toBeLessThan(5);
  expect(order).toHaveLength(21);
});
