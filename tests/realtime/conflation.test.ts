// Of a burst of updates each room hears the first at once and the latest in time, and rooms do not wait for each other.
import { expect, test } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { conflated } from '../../src/realtime/conflation.ts';

const values = {
  a: { room: 'org:acme', position: 1 },
  b: { room: 'org:acme', position: 2 },
  c: { room: 'org:acme', position: 3 },
  d: { room: 'org:acme', position: 4 },
  x: { room: 'org:default', position: 5 },
};

/** In marbles a character is a millisecond; what is said at once is in brackets. */
function expectConflated(said: string, heard: string): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ hot, expectObservable }) => {
    expectObservable(conflated(hot(said, values), 4)).toBe(heard, values);
  });
}

test.each([
  ['a lone one is heard at once', 'a---------', 'a---------'],
  ['of a burst the first is heard at once and the last in time', 'abcd------', 'a---d-----'],
  ['one that comes late enough does not wait', 'a-----b---', 'a-----b---'],
  ['a burst that goes on is heard at intervals', 'abcdabcd--', 'a---a---d-'],
  ['a room does not wait for another', 'abx-------', 'a-x-b-----'],
  ['a room that was silent for long begins anew', 'a--------------bc---', 'a--------------b---c'],
])('%s', (_, said, heard) => expectConflated(said, heard));
