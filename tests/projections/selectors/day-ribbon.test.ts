// The ribbon of a day beside an incident: which day, which services, and what is known of it.
import { describe, expect, test } from '@jest/globals';
import type { Models } from '../../../projections/models.ts';
import { drawRibbon } from '../../../projections/selectors/day-ribbon.ts';
import { selectIncidentView } from '../../../projections/selectors/incident-view.ts';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import { after, begun, opened, planned, posted, reported, service } from '../../support/page-events.ts';
import { anyone, type Happened, id, recordedAt } from '../../support/scenario.ts';

const [FILES, MEDIA] = [id(1), id(2)];
const LONG_AGO = { occurredAt: '2026-02-01T00:00:00.000Z' };
const services = [service(1, 'Files', LONG_AGO), service(2, 'Media', LONG_AGO)];
/** A day of UTC: the tests' events happen on it. */
const [MIDNIGHT, NEXT_MIDNIGHT] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'];

function ribbonIn(models: Models, { now = recordedAt(30), hidden = new Set<string>() } = {}) {
  const asked = { organizationId: 'default', id: id(9), hidden };
  const view = selectIncidentView(models, anyone, asked, { now: secondOf(now), isLive: true });
  if (!view) throw new Error('There is no such page.');
  return view;
}

describe('of an incident that goes on', () => {
  const models = after(
    ...services,
    opened(9, { impacts: { [FILES]: 'degraded' } }),
    posted(9, 91, { impacts: { [FILES]: 'degraded', [MEDIA]: 'major' } }),
    posted(9, 92, { impacts: { [FILES]: 'degraded' } }),
  );

  test('the present day has the worst of all services in each second, and nothing that is to come', () => {
    expect(ribbonIn(models).ribbon).toEqual({
      date: '2026-03-01',
      from: MIDNIGHT,
      to: NEXT_MIDNIGHT,
      known: recordedAt(30),
      spans: [
        [MIDNIGHT, recordedAt(3), 'operational'],
        [recordedAt(3), recordedAt(4), 'degraded'],
        [recordedAt(4), recordedAt(5), 'major'],
        [recordedAt(5), recordedAt(30), 'degraded'],
      ],
    });
  });

  test('it shows what was said in this very second', () => {
    const spans = ribbonIn(models, { now: recordedAt(4) }).ribbon?.spans;
    expect(spans?.at(-1)).toEqual([recordedAt(4), recordedAt(4), 'major']);
  });

  test('on the days after, it is about these', () => {
    const { ribbon } = ribbonIn(models, { now: '2026-03-03T06:00:00.000Z' });
    expect(ribbon).toMatchObject({ date: '2026-03-03', known: '2026-03-03T06:00:00.000Z' });
    expect(ribbon?.spans).toEqual([['2026-03-03T00:00:00.000Z', '2026-03-03T06:00:00.000Z', 'degraded']]);
  });

  test('the page is made anew every ten minutes, so that the ribbon goes on', () => {
    expect(ribbonIn(models, { now: recordedAt(33) }).validUntil).toBe(recordedAt(40));
    expect(ribbonIn(models, { now: '2026-03-01T23:59:00.000Z' }).validUntil).toBe(NEXT_MIDNIGHT);
  });

  test('a service that the reader may not see is left out', () => {
    const spans = ribbonIn(models, { hidden: new Set([MEDIA]) }).ribbon?.spans.map(([, , status]) => status);
    expect(spans).toEqual(['operational', 'degraded']);
    expect(ribbonIn(models, { hidden: new Set([MEDIA, FILES]) }).ribbon).toBeNull();
  });
});

describe('of a resolved incident', () => {
  const models = after(
    ...services,
    opened(9, { impacts: { [FILES]: 'partial' } }, { occurredAt: '2026-02-27T22:00:00.000Z' }),
    posted(9, 91, { status: 'resolved' }),
  );

  test('it is the day on which the incident began, which is over', () => {
    const { ribbon, validUntil } = ribbonIn(models);
    const [from, to] = ['2026-02-27T00:00:00.000Z', '2026-02-28T00:00:00.000Z'];
    expect(ribbon).toMatchObject({ date: '2026-02-27', from, to, known: to });
    expect(ribbon?.spans).toEqual([
      [from, '2026-02-27T22:00:00.000Z', 'operational'],
      ['2026-02-27T22:00:00.000Z', to, 'partial'],
    ]);
    expect(validUntil).toBe(NEXT_MIDNIGHT);
  });
});

test('what others say of the services counts too, such as maintenance and reports', () => {
  const models = after(
    ...services,
    planned(8, { affectedServiceIds: [MEDIA] }),
    opened(9, { affectedServiceIds: [FILES, MEDIA] }),
    begun(8),
    reported(1, 'partial'),
  );
  expect(ribbonIn(models).ribbon?.spans.map(([, , status]) => status)).toEqual([
    'operational',
    'maintenance',
    'partial',
  ]);
});

test('before the first of the services was listed, there is no data', () => {
  const models = after(service(1, 'Files'), service(2, 'Media'), opened(9, { affectedServiceIds: [FILES, MEDIA] }));
  expect(ribbonIn(models).ribbon?.spans).toEqual([
    [MIDNIGHT, recordedAt(1), 'none'],
    [recordedAt(1), recordedAt(30), 'operational'],
  ]);
});

describe('there is none', () => {
  const gone: Happened = { stream: `service-${FILES}`, type: 'service.deleted', data: {} };
  const backdated = { occurredAt: '2026-02-20T12:00:00.000Z' };

  test.each<[string, readonly Happened[]]>([
    ['without services', [...services, opened(9)]],
    ['of a service that was deleted', [...services, opened(9, { impacts: { [FILES]: 'major' } }), gone]],
    [
      'of a day before its services were listed',
      [
        service(1, 'Files'),
        opened(9, { impacts: { [FILES]: 'major' } }, backdated),
        posted(9, 91, { status: 'resolved' }, backdated),
      ],
    ],
  ])('%s', (_what, happened) => {
    const { ribbon, validUntil } = ribbonIn(after(...happened));
    expect([ribbon, validUntil]).toEqual([null, NEXT_MIDNIGHT]);
  });
});

test.each([
  ['2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
])('the day of %s in Berlin is as long as its clocks make it', (time, from, to) => {
  const files = after(...services).uptime.services.get(FILES);
  const terms = { zone: 'Europe/Berlin', now: secondOf('2026-12-01T00:00:00Z'), at: secondOf(time) };
  expect(drawRibbon(files ? [files] : [], terms)).toMatchObject({ from, to, known: to });
});
