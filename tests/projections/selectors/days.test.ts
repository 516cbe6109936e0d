// The days of a service as a page draws them: letters for the worst, and not more spans than a day can show.
import { describe, expect, test } from '@jest/globals';
import { SERVICE_STATUSES, type ServiceStatus } from '../../../projections/events/severity.ts';
import { foldModels } from '../../../projections/models.ts';
import { type DayException, drawDays, selectDays } from '../../../projections/selectors/days.ts';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import { uptimeSettings, uptimeTermsOfDays } from '../../../projections/uptime-figures.ts';
import { type Happened, id, recorded, recordedAt } from '../../support/scenario.ts';

const SERVICE = `service-${id(1)}`;
const created: Happened = {
  stream: SERVICE,
  type: 'service.created',
  data: { name: 'API', description: 'x', status: 'operational', uptime: 100 },
};
const reported = (status: ServiceStatus): Happened => ({
  stream: SERVICE,
  type: 'service.status-reported',
  data: { status },
});

/** The days of a service whose status was reported once a minute, as of this minute after 09:00. */
function daysAfter(statuses: readonly ServiceStatus[], minute = statuses.length + 2) {
  const models = foldModels(recorded([created, ...statuses.map(reported)]));
  const moment = { now: secondOf(recordedAt(minute)), isLive: true };
  const terms = uptimeTermsOfDays(90, uptimeSettings(models, 'default'), moment);
  const service = models.uptime.services.get(id(1));
  if (!service) throw new Error('There is no such service.');
  return { models, service, terms, ...selectDays(service, terms) };
}

test.each<[readonly ServiceStatus[], letter: string]>([
  [[], 'o'],
  [['maintenance'], 'm'],
  [['degraded', 'operational'], 'd'],
  [['degraded', 'partial', 'operational'], 'p'],
  [['major', 'operational'], 'x'],
])('after %j the last letter is %s, and there is none before the start', (statuses, letter) => {
  const { days } = daysAfter(statuses);
  expect(days).toBe(`${'n'.repeat(89)}${letter}`);
});

describe('the spans of a day', () => {
  const all = ({ spans }: DayException) => spans;

  test('say from when until when it was what', () => {
    const { exceptions } = daysAfter(['degraded', 'degraded', 'major', 'operational', 'maintenance']);
    expect(exceptions.map(all)).toEqual([
      [
        [recordedAt(2), recordedAt(4), 'degraded'],
        [recordedAt(4), recordedAt(5), 'major'],
        [recordedAt(6), recordedAt(7), 'maintenance'],
      ],
    ]);
  });

  test.each([49, 120, 800])('are at most 48, in order, of %d changes', (count) => {
    const statuses = Array.from({ length: count }, (_, index) => SERVICE_STATUSES[(index * 7) % 5] as ServiceStatus);
    const [day] = daysAfter(statuses).exceptions;
    const spans = day?.spans ?? [];
    expect(spans.length).toBeGreaterThan(0);
    expect(spans.length).toBeLessThanOrEqual(48);
    for (const [index, [from, to, status]] of spans.entries()) {
      expect(from < to && status !== 'operational').toBe(true);
      const before = spans[index - 1];
      if (before) expect(before[1] <= from).toBe(true);
    }
  });

  test('keep the long ones', () => {
    const long: ServiceStatus[] = Array(200).fill('partial');
    const short = Array.from(
      { length: 300 },
      (_, index): ServiceStatus => (index % 2 === 0 ? 'degraded' : 'operational'),
    );
    const [day] = daysAfter([...long, ...short]).exceptions;
    const [from = '', to = '', status] = day?.spans[0] ?? [];
    expect([from <= recordedAt(2), to >= recordedAt(202), status]).toEqual([true, true, 'partial']);
  });
});

test('remembered days before today give the same', () => {
  const { service, terms, days, exceptions, uptime90 } = daysAfter(['major', 'operational'], 3 * 24 * 60);
  let drawn = 0;
  const again = selectDays(service, terms, (...asked) => {
    drawn += 1;
    return drawDays(...asked);
  });
  expect(again).toEqual({ days, exceptions, uptime90 });
  expect([drawn, days.slice(-4)]).toEqual([1, 'xooo']);
});
