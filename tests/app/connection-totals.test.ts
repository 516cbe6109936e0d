// How many connections and sockets there can be with this many open files.
import { expect, test } from '@jest/globals';
import { connectionTotals } from '../../src/app/connection-totals.ts';

test.each([
  ['a tenth is kept for other connections', 10_256, { all: 10_000, sockets: 9_000 }],
  ['64 are kept at least', 656, { all: 400, sockets: 336 }],
  ['half is kept where there are few', 20, { all: 10, sockets: 5 }],
  ['no more than allowed where there are many', 1_000_000, { all: 999_744, sockets: 20_000 }],
  ['as many as allowed where the number of files is not known', undefined, { all: undefined, sockets: 20_000 }],
])('%s', (_, openFiles, totals) => {
  expect(connectionTotals(20_000, openFiles)).toEqual(totals);
});
