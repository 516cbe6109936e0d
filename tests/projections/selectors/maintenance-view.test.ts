// The pages of maintenance: what is in progress, planned and past, and one of them.
import { describe, expect, test } from '@jest/globals';
import { selectMaintenanceView } from '../../../projections/selectors/maintenance-view.ts';
import { selectMaintenancesView } from '../../../projections/selectors/maintenances-view.ts';
import { after, begun, minute, planned, service } from '../../support/page-events.ts';
import { anyone, type Happened, id, recordedAt } from '../../support/scenario.ts';

const asked = { organizationId: 'default' };
const cancelled = (number: number): Happened => ({
  stream: `maintenance-${id(number)}`,
  type: 'maintenance.cancelled',
  data: {},
});

describe('the page of all maintenance', () => {
  const models = after(
    service(1, 'Mail'),
    planned(11, { affectedServiceIds: [id(1)] }),
    begun(11),
    planned(12, { startsAt: recordedAt(300), endsAt: recordedAt(400) }),
    planned(13, { startsAt: recordedAt(200), endsAt: recordedAt(400) }),
    planned(14),
    cancelled(14),
    planned(15),
    begun(15),
    { stream: `maintenance-${id(15)}`, type: 'maintenance.completed', data: {} },
  );
  const view = selectMaintenancesView(models, anyone, asked, minute(90));

  test('has what is in progress, then what is planned in its order, then what is over', () => {
    const ids = ({ inProgress, planned: coming, past }: typeof view) =>
      [inProgress, coming, past].map((list) => list.map(({ maintenance }) => maintenance.id));
    expect(ids(view)).toEqual([[id(11)], [id(13), id(12)], [id(15), id(14)]]);
  });

  test('names the services, and when one was cancelled', () => {
    expect(view.inProgress[0]?.services).toEqual([{ id: id(1), name: 'Mail', status: 'maintenance' }]);
    expect(view.past.map(({ cancelledAt }) => cancelledAt)).toEqual([null, recordedAt(7)]);
  });

  test('holds until the next moment that it names', () => {
    expect(view.validUntil).toBe(recordedAt(120));
  });
});

describe('a series', () => {
  const SERIES = id(50);
  const occurrence = (number: number, start: number) =>
    planned(number, { seriesId: SERIES, startsAt: recordedAt(start), endsAt: recordedAt(start + 10) });
  const models = after(...[300, 100, 200].map((start, index) => occurrence(20 + index, start)));

  test('is listed once, with the next ones', () => {
    const { planned: coming } = selectMaintenancesView(models, anyone, asked, minute(50));
    expect(coming.map(({ maintenance, next }) => [maintenance.id, next.map((each) => each.id)])).toEqual([
      [id(21), [id(22), id(20)]],
    ]);
  });

  test('has a page for each occurrence', () => {
    const view = selectMaintenanceView(models, anyone, { ...asked, id: id(22) }, minute(50));
    expect(view?.next).toEqual([{ id: id(20), startsAt: recordedAt(300) }]);
    expect(view?.validUntil).toBe(recordedAt(200));
  });
});

test.each([
  ['of another organisation', { organizationId: 'acme' }],
  ['unknown', { id: id(12) }],
  ['hidden', { hidden: new Set([id(11)]) }],
])('there is no page of one that is %s', (_why, more) => {
  const models = after(planned(11));
  expect(selectMaintenanceView(models, anyone, { ...asked, id: id(11), ...more }, minute(50))).toBeUndefined();
});
