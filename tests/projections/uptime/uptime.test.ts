// Uptime against a count of every second, on random histories.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { fold } from '../../../projections/state/projection.ts';
import { namedByDay, secondsIn, sumOf, worstOf } from '../../../projections/uptime/counted.ts';
import {
  percentage,
  type SecondsByStatus,
  UPTIME_POLICIES,
  type UptimePolicy,
  weigh,
} from '../../../projections/uptime/policies.ts';
import { uptimeProjection } from '../../../projections/uptime/uptime.ts';
import { type UptimeWindow, windowOf } from '../../../projections/uptime/window.ts';
import { uptimeOfService } from '../../../projections/uptime-figures.ts';
import { sized } from '../../support/size.ts';
import { Oracle } from './oracle.ts';
import { eventsOf, SERVICE, steps } from './random-histories.ts';

test('each second shows what a count of it alone says, whatever is recorded when', () => {
  const start = Date.parse('2026-03-01T09:00:00.400Z');
  fc.assert(
    fc.property(steps(120), (taken) => {
      const events = eventsOf(taken, start);
      const service = fold(uptimeProjection, events).services.get(SERVICE);
      const oracle = new Oracle(events, SERVICE);
      const first = Math.floor(start / 1_000);
      for (let second = first; second < first + 300; second += 1) {
        const seconds = service && secondsIn(service, { from: second, to: second + 1 }, second + 1);
        const is = seconds && worstOf(seconds);
        const should = oracle.shownAt(second);
        if (is !== should) expect([second - first, is]).toEqual([second - first, should]);
      }
    }),
    { numRuns: sized(60, 2_000) },
  );
});

/** A time before midnight of a day on which clocks change, in each zone. */
const CHANGES = [
  ['Europe/Berlin', '2026-10-24T21:30:00.700Z'],
  ['America/New_York', '2026-03-08T04:30:00.700Z'],
  ['Pacific/Auckland', '2026-09-26T11:30:00.700Z'],
  ['Australia/Lord_Howe', '2026-04-04T12:30:00.700Z'],
  ['Asia/Kathmandu', '2026-11-26T17:45:00.700Z'],
] as const;

describe.each(CHANGES)('in %s', (zone, start) => {
  const hours = sized(2, 30);

  test('the days of a window are what a count of their seconds says', () => {
    fc.assert(
      fc.property(
        steps(hours * 3_600, 20),
        fc.nat(1_000),
        fc.constantFrom(...UPTIME_POLICIES),
        (taken, pick, policy) => {
          const events = eventsOf(taken, Date.parse(start));
          const now = Math.floor(Date.parse(start) / 1_000) + Math.round((hours * 3_600 * pick) / 1_000);
          const window = windowOf({ from: start, to: new Date((now + 600) * 1_000).toISOString() }, zone, now);
          if ('member' in window) throw new Error(window.detail);
          const selected = uptimeOfService(fold(uptimeProjection, events), SERVICE, {
            ...{ window, policy, isLive: true, position: 0 },
          });
          if (!selected) throw new Error('There is no such service.');
          const days = selected.days.map(({ incidents, maintenances, ...day }) => ({
            ...day,
            incidents: [...incidents].sort(),
            maintenances: [...maintenances].sort(),
          }));
          expect(days).toEqual(countedDays(events, window, policy));
          expect(selected.seconds).toEqual(sumOf(selected.days.map(({ seconds }) => seconds)));
          const all = Object.values(selected.seconds).reduce((sum, count) => sum + count, 0);
          expect(all).toBe(window.to - window.from);
          expect(selected.uptime).toBe(percentage(weigh(selected.seconds, policy)));
        },
      ),
      { numRuns: sized(3, 20) },
    );
  });

  /** The days, second by second: each is on the date that the clocks show, and no day begins twice. */
  function countedDays(events: readonly RecordedEvent[], { from, to, now }: UptimeWindow, policy: UptimePolicy) {
    const oracle = new Oracle(events, SERVICE);
    const days = new Map<string, CountedDay>();
    const dateAt = clockOf(zone);
    for (let second = from; second < to; second += 1) {
      const date = dateAt(second);
      const day = days.get(date) ?? newDay();
      days.set(date, day);
      day.seconds[second < now ? oracle.shownAt(second) : 'none'] += 1;
      if (second >= now) continue;
      for (const id of oracle.namingIn(second, 'incident')) day.incidents.add(id);
      for (const id of oracle.namingIn(second, 'maintenance')) day.maintenances.add(id);
    }
    return [...days].map(([date, { seconds, incidents, maintenances }]) => ({
      date,
      uptime: uptimeBy(policy, seconds),
      worst: SERVICE_STATUSES.findLast((status) => seconds[status] > 0) ?? 'none',
      seconds,
      incidents: [...incidents].sort(),
      maintenances: [...maintenances].sort(),
    }));
  }
});

test('what goes on when a service starts is not named before its first second is over', () => {
  const open = { action: 'open', pick: 0, level: 0, pause: 0, back: undefined, length: 0 } as const;
  const moved = { ...open, action: 'start', pause: 7 } as const;
  const start = Date.parse('2026-03-01T09:00:00.000Z');
  const service = fold(uptimeProjection, eventsOf([open, moved], start)).services.get(SERVICE);
  const namedAfter = (seconds: number) => {
    const now = start / 1_000 + seconds;
    const span = { from: new Date(start).toISOString(), to: new Date(start + 3_600_000).toISOString() };
    const window = windowOf(span, 'UTC', now);
    if ('member' in window || !service) throw new Error('There is no such window of the service.');
    return namedByDay(service, window).map(({ incident }) => incident.length);
  };
  expect([6, 7, 8].map(namedAfter)).toEqual([[0], [0], [1]]);
});

type Seconds = { -readonly [S in keyof SecondsByStatus]: SecondsByStatus[S] };

interface CountedDay {
  readonly seconds: Seconds;
  readonly incidents: Set<string>;
  readonly maintenances: Set<string>;
}

function newDay(): CountedDay {
  const seconds = { operational: 0, maintenance: 0, degraded: 0, partial: 0, major: 0, none: 0 };
  return { seconds, incidents: new Set(), maintenances: new Set() };
}

function uptimeBy(policy: UptimePolicy, { operational, maintenance, degraded, partial, major }: Seconds) {
  const isStrict = policy === 'strict-1';
  const counted = operational + degraded + partial + major + (isStrict ? 0 : maintenance);
  const weighed = isStrict ? 10 * (partial + major) : 3 * partial + 10 * major;
  return counted === 0 ? null : Math.floor(((counted * 10 - weighed) * 1_000) / counted) / 100;
}

/** The latest date that the clocks of a zone have shown, second after second. */
function clockOf(timeZone: string): (second: number) => string {
  const clock = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  let date = '';
  return (second) => {
    // Dates change on full minutes.
    const shown = second % 60 === 0 || date === '' ? clock.format(second * 1_000) : date;
    if (shown > date) date = shown;
    return date;
  };
}
