// Ids: versions 7 of UUIDs, in the order in which they were made, whatever the clock does.
import { describe, expect, test } from '@jest/globals';
import { validate, version } from 'uuid';
import { createIds } from '../../src/app/new-id.ts';
import { get } from '../support/rest.ts';
import { startApp } from '../support/start-app.ts';

const TIME = Date.parse('2026-03-01T10:00:00.000Z');

/** Ids that are made at these times. */
function idsAt(times: readonly number[]): string[] {
  const left = [...times];
  const newId = createIds(() => left.shift() ?? 0);
  return times.map(() => newId());
}

/** The milliseconds in an id. */
const timeIn = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

describe('ids come in the order in which they were made', () => {
  test.each([
    ['within a millisecond', Array(5_000).fill(TIME)],
    ['while the clock goes on', Array.from({ length: 5_000 }, (_, index) => TIME + Math.floor(index / 7))],
    ['while the clock goes back', Array.from({ length: 1_000 }, (_, index) => TIME - index)],
  ])('%s', (_case, times: number[]) => {
    const ids = idsAt(times);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(times.length);
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  });

  test('with the time of the clock, and another beginning in each millisecond', () => {
    const [first = '', second = '', third = ''] = idsAt([TIME, TIME + 1, TIME + 1]);
    expect([first, second, third].map(timeIn)).toEqual([TIME, TIME + 1, TIME + 1]);
    expect(first.slice(14, 23)).not.toBe(second.slice(14, 23));
  });

  test('of the events of one commit', async () => {
    const app = await startApp({ SAMPLE_DATA: 'true' });
    const { events } = await get<{ events: { id: string; meta: { commit: { size: number } } }[] }>(app, '/api/events');
    await app.close();
    expect(events[0]?.meta.commit.size).toBe(events.length);
    const ids = events.map(({ id }) => id);
    expect([...ids].sort()).toEqual(ids);
  });
});
