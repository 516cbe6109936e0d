// The known places of accounts, as the tables store them: renewed, bounded, and erased with the account.
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
