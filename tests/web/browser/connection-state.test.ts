// How fresh a page is.
import { expect, test } from '@jest/globals';
import { type Signs, STALE, stateOf } from '../../../src/web/browser/connection-state.ts';

const OPENED = 1_000_000;
const signs = (known: Partial<Signs> = {}): Signs => ({
  isJoined: false,
  isSilent: false,
  isBehind: false,
  heardAt: OPENED,
  polledAt: undefined,
  openedAt: OPENED,
  ...known,
});

test('a page says nothing until its socket can have come', () => {
  expect(stateOf(signs(), OPENED)).toBe('opening');
  expect(stateOf(signs(), OPENED + 7_000)).toBe('reconnecting');
});

test('a page is live as long as the server answers on its socket', () => {
  expect(stateOf(signs({ isJoined: true }), OPENED + 3_600_000)).toBe('live');
  expect(stateOf(signs({ isJoined: true, isSilent: true }), OPENED + 7_000)).toBe('reconnecting');
});

test('half a minute after the last sign a page is old', () => {
  expect(stateOf(signs(), OPENED + STALE)).toBe('reconnecting');
  expect(stateOf(signs(), OPENED + STALE + 1)).toBe('stale');
  expect(stateOf(signs({ isJoined: true, isSilent: true }), OPENED + STALE + 1)).toBe('stale');
});

test('where no socket comes, a fetch counts until the next one is due', () => {
  const at = OPENED + 30_000;
  const polled = signs({ heardAt: at, polledAt: at });
  expect(stateOf(polled, at + 30_000)).toBe('live');
  expect(stateOf(polled, at + STALE + 1)).toBe('stale');
});

test('a fetch before the socket came says nothing once the socket is lost', () => {
  expect(stateOf(signs({ heardAt: OPENED + 60_000, polledAt: OPENED + 1_000 }), OPENED + 61_000)).toBe('reconnecting');
});

test('a page that could not be fetched is not live, whatever its socket says', () => {
  expect(stateOf(signs({ isJoined: true, isBehind: true }), OPENED + 7_000)).toBe('reconnecting');
  expect(stateOf(signs({ isJoined: true, isBehind: true }), OPENED + STALE + 1)).toBe('stale');
});
