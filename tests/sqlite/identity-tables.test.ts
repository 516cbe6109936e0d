// The tables of accounts: known places, which are renewed, bounded and erased with the account, and links that find out taken addresses.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type IdentityTables, openIdentityTables } from '../../src/sqlite/identity/identity-tables.ts';
import { id } from '../support/scenario.ts';

const [ANN, BEN] = [id(11), id(12)] as const;
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, minute)).toISOString();
const user = (userId: string, email: string) => ({
  id: userId,
  email,
  name: 'Somebody',
  password: 'hash',
  createdAt: at(0),
});

let tables: IdentityTables;
beforeEach(() => {
  tables = openIdentityTables(undefined);
  tables.addUser(user(ANN, 'ann@plive.test'));
  tables.addUser(user(BEN, 'ben@plive.test'));
});
afterEach(() => tables.close());

const digests = (account: string) =>
  tables
    .listPlaces(account)
    .map(({ digest }) => digest)
    .sort();

test('the places of an account are found by its e-mail address and by its id', () => {
  tables.addPlace({ userId: ANN, digest: 'a', lastUsedAt: at(1) }, 20);
  expect(tables.listPlaces('ann@plive.test')).toEqual([{ userId: ANN, digest: 'a', lastUsedAt: at(1) }]);
  expect(tables.listPlaces(ANN)).toEqual(tables.listPlaces('ann@plive.test'));
  expect([tables.listPlaces('ben@plive.test'), tables.listPlaces('nobody@plive.test')]).toEqual([[], []]);
});

test('an address that is taken is told five times a link, and without a usable link never', () => {
  const later = at(59);
  for (const digest of ['one', 'two']) {
    tables.addLink(
      { digest, purpose: 'invitation', subjectId: digest, organizationId: 'acme', expiresAt: later },
      false,
    );
  }
  const attempt = (digest: string, now = at(1)) =>
    tables.addUser(user(id(13), 'ann@plive.test'), { link: { digest, purpose: 'invitation' }, now });
  expect([attempt('none'), attempt('one', later)]).toEqual(['link-spent', 'link-spent']);
  const told = Array.from({ length: 6 }, () => attempt('one'));
  expect(told).toEqual([...Array(5).fill('email-taken'), 'link-spent']);
  expect(tables.findLink({ link: { digest: 'one', purpose: 'invitation' }, now: at(1) })).toBeUndefined();
  expect(attempt('two')).toBe('email-taken');
});

test('the places that were used last are kept, each account on its own', () => {
  tables.addPlace({ userId: BEN, digest: 'z', lastUsedAt: at(0) }, 3);
  for (const [index, digest] of ['a', 'b', 'c', 'a', 'd'].entries()) {
    tables.addPlace({ userId: ANN, digest, lastUsedAt: at(index) }, 3);
  }
  expect([digests(ANN), digests(BEN)]).toEqual([['a', 'c', 'd'], ['z']]);
});

test('the places of an erased account are gone, and none is stored for it afterwards', () => {
  tables.addPlace({ userId: ANN, digest: 'a', lastUsedAt: at(1) }, 20);
  tables.eraseUser(ANN);
  tables.addPlace({ userId: ANN, digest: 'b', lastUsedAt: at(2) }, 20);
  tables.addUser(user(ANN, 'ann@plive.test'));
  expect(digests(ANN)).toEqual([]);
});
