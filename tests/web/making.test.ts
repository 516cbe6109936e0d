// Pages that several requests make together: what one of them fails to make, and what time has ended, is made anew.
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Turn } from '../../src/bounds/turns.ts';
import type { Answer } from '../../src/http/route.ts';
import { Making, Makings } from '../../src/web/reply/making.ts';

const NOON = new Date('2026-11-30T12:00:00Z');
const LATER = new Date('2026-11-30T12:00:01Z');

const begin = (steps: Iterator<void, Answer>) => new Making({ steps, position: 1, isOfNow: () => true });

const turn: Turn = async (work) => {
  await setImmediate();
  return work();
};

/** Wants the same page, which would have this body, a number of times. Returns what each gets. */
function wanting(makings: Makings, body: string, now = NOON) {
  const revalidation = { isCurrent: () => true, rebuild: () => ({ status: 200 }) as const };
  const answering = function* (): Generator<void, Answer> {
    yield;
    return { status: 200, body, revalidation: { ...revalidation, validUntil: LATER.getTime() } };
  };
  const make = () => makings.make({ key: '/', now, begin: () => begin(answering()), turn });
  return async () => {
    const { answer } = await make();
    return 'body' in answer ? answer.body : undefined;
  };
}

test('a failure is one for all who make the page, and for nobody after them', async () => {
  const makings = new Makings();
  const failing = (function* (): Generator<void, Answer> {
    yield;
    throw new Error('A bad page.');
  })();
  const make = () => makings.make({ key: '/', now: NOON, begin: () => begin(failing), turn });
  const failures = await Promise.all([make(), make()].map((made) => made.catch((error: Error) => error.message)));
  expect(failures.sort()).toEqual(['A bad page.', 'Another request has failed to make this page.']);
  expect(await wanting(makings, 'A good page')()).toBe('A good page');
});

test('a page is made once until time ends it', async () => {
  const makings = new Makings();
  const first = wanting(makings, 'first');
  const second = wanting(makings, 'second');
  expect(await Promise.all([first(), second()])).toEqual(['first', 'first']);
  expect(await second()).toBe('first');
  expect(await wanting(makings, 'later', LATER)()).toBe('later');
});

test('a page that all who made it have left is begun anew', async () => {
  const makings = new Makings();
  let begun = 0;
  const make = (through: Turn) => {
    const answering = function* (): Generator<void, Answer> {
      begun += 1;
      yield;
      yield;
      return { status: 200, body: 'made' };
    };
    return makings.make({ key: '/', now: NOON, begin: () => begin(answering()), turn: through });
  };
  const leaving = (): Turn => {
    let turns = 0;
    return async (work) => {
      if (++turns > 1) throw new Error('The client has left.');
      return turn(work);
    };
  };
  await expect(make(leaving())).rejects.toThrow('has left');
  await make(turn);
  expect(begun).toBe(2);
});

test('a very long page is shared by those who make it, and not remembered', async () => {
  const makings = new Makings();
  const long = wanting(makings, 'x'.repeat(20_000_000));
  const short = wanting(makings, 'short');
  const [one, other] = await Promise.all([long(), short()]);
  expect(one === other).toBe(true);
  expect(await short()).toBe('short');
});
