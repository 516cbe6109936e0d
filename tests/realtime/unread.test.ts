// Who is cut off: whoever leaves too much unread, or anything for too long, and nobody else.
import { describe, expect, test } from '@jest/globals';
import { type Buffers, Unread } from '../../src/realtime/unread.ts';

const PATIENCE = 15_000;

/** A connection for which so many bytes wait in the WebSocket, and such packets before it. */
function connection() {
  const socket = { bufferedAmount: 0 };
  const writeBuffer: { data?: unknown }[] = [];
  return { writeBuffer, transport: { socket }, socket } satisfies Buffers & { socket: object };
}

function clocked() {
  const clock = { time: 0 };
  return { clock, unread: new Unread({ packets: 10, bytes: 2_000 }, () => clock.time) };
}

describe('a client', () => {
  test('that reads nothing of what waits is cut off once it has had its time', () => {
    const { clock, unread } = clocked();
    const mute = connection();
    mute.socket.bufferedAmount = 10;
    expect(unread.isTooMuch(mute)).toBe(false);
    clock.time = PATIENCE;
    mute.socket.bufferedAmount = 20;
    expect(unread.isTooMuch(mute)).toBe(false);
    clock.time += 1;
    expect(unread.isTooMuch(mute)).toBe(true);
  });

  test('for which nothing waits is left alone, however long', () => {
    const { clock, unread } = clocked();
    const silent = connection();
    for (; clock.time < 3 * PATIENCE; clock.time += 1_000) expect(unread.isTooMuch(silent)).toBe(false);
  });

  test('that reads slowly has its time anew whenever less waits than before', () => {
    const { clock, unread } = clocked();
    const slow = connection();
    for (let look = 0; look < 100; look += 1, clock.time += PATIENCE / 3) {
      slow.socket.bufferedAmount = 1_000 + 100 * (look % 3);
      expect(unread.isTooMuch(slow)).toBe(false);
    }
  });

  test.each([
    ['more packets wait than may', Array.from({ length: 11 }, () => ({ data: 'x' }))],
    ['more bytes wait than may', [{ data: 'x'.repeat(2_000) }, { data: Buffer.from('x') }]],
  ])('for which %s is cut off at once', (_, packets) => {
    const { unread } = clocked();
    const greedy = connection();
    greedy.writeBuffer.push(...packets.slice(1));
    expect(unread.isTooMuch(greedy)).toBe(false);
    greedy.writeBuffer.push(...packets.slice(0, 1));
    expect(unread.isTooMuch(greedy)).toBe(true);
  });
});
