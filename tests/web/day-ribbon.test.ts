// The ribbon of a day as it is drawn and told: bars by how long and how bad, hours by the clock, and a sentence.
import { describe, expect, test } from '@jest/globals';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import type { DayRibbon as Ribbon } from '../../projections/selectors/day-ribbon.ts';
import { wordsOf } from '../../src/text/words/languages.ts';
import { DayRibbon } from '../../src/web/components/day-ribbon.tsx';

const BERLIN = 'Europe/Berlin';
const [MIDNIGHT, NEXT] = ['2026-11-28T23:00:00.000Z', '2026-11-29T23:00:00.000Z'];
const present: Ribbon = {
  date: '2026-11-29',
  from: MIDNIGHT,
  to: NEXT,
  known: '2026-11-29T09:42:00.000Z',
  spans: [
    [MIDNIGHT, '2026-11-29T07:55:00.000Z', 'operational'],
    ['2026-11-29T07:55:00.000Z', '2026-11-29T09:42:00.000Z', 'degraded'],
  ],
};
const over: Ribbon = {
  ...present,
  known: NEXT,
  spans: [...present.spans, ['2026-11-29T09:42:00.000Z', NEXT, 'operational']],
};

function drawn(ribbon: Ribbon, { zone = BERLIN, language = 'en' as 'en' | 'de', isPast = false } = {}) {
  const html = render(h(DayRibbon, { ribbon, zone, isPast, words: wordsOf(language) }));
  return {
    label: html.match(/aria-label="([^"]*)"/)?.[1],
    bars: [...html.matchAll(/<rect class="fill-(\w+)" x="(\S+)" y="\S+" width="(\S+)" height="(\S+)"/g)].map((bar) =>
      bar.slice(1).join(' '),
    ),
    hours: [...html.matchAll(/<text x="([\d.]+)%"[^>]*>(\d+)/g)].map(([, at, hour]) => `${hour} ${at}`),
  };
}

test('bars are as wide as each state lasted, the taller the worse, and low for what is to come', () => {
  const { bars } = drawn(present);
  expect(bars).toEqual(['later 44.58% 55.42% 38%', 'operational 0% 37.15% 38%', 'degraded 37.15% 7.43% 60%']);
  expect(drawn(over).bars.map((bar) => bar.split(' ')[0])).toEqual(['operational', 'degraded', 'operational']);
});

test('what was short is seen, also at the end of the day', () => {
  const spans = [[NEXT, NEXT, 'major']] as const;
  expect(drawn({ ...over, spans }).bars).toEqual(['major 99.25% 0.75% 100%']);
});

describe('in words', () => {
  const allDay: Ribbon = { ...over, spans: [[MIDNIGHT, NEXT, 'partial']] };
  const soFar: Ribbon = { ...present, spans: [[MIDNIGHT, present.known, 'none']] };

  test.each<[Ribbon, Parameters<typeof drawn>[1], string]>([
    [present, {}, 'Today, as of 10:42 in Berlin: operational until 08:55, degraded since'],
    [present, { isPast: true }, '29 Nov 2026, as of 10:42 in Berlin: operational until 08:55, degraded since'],
    [over, {}, '29 Nov 2026 in Berlin: operational until 08:55, degraded until 10:42, then operational'],
    [allDay, {}, '29 Nov 2026 in Berlin: partly down all day'],
    [soFar, {}, 'Today, as of 10:42 in Berlin: no data so far'],
    [present, { language: 'de' }, 'Heute, Stand 10:42 in Berlin: betriebsbereit bis 08:55, seitdem beeinträchtigt'],
    [
      over,
      { language: 'de' },
      '29. Nov. 2026 in Berlin: betriebsbereit bis 08:55, beeinträchtigt bis 10:42, danach betriebsbereit',
    ],
  ])('%#', (ribbon, options, label) => {
    expect(drawn(ribbon, options).label).toBe(label);
  });

  test('many spans are told by how long each state lasted', () => {
    const at = (minute: number) => new Date(Date.parse(MIDNIGHT) + minute * 60_000).toISOString();
    const spans = Array.from({ length: 10 }, (_, index) => {
      return [at(index), at(index + 1), index % 2 === 0 ? 'operational' : 'major'] as const;
    });
    expect(drawn({ ...over, spans }).label).toBe('29 Nov 2026 in Berlin: down 5\u00a0min');
  });
});

const DAYS = {
  24: { date: '2026-11-29', from: MIDNIGHT, to: NEXT },
  23: { date: '2026-03-29', from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z' },
  25: { date: '2026-10-25', from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z' },
};

test.each([
  [24, ['00 0', '06 25', '12 50', '18 75', '24 100']],
  [23, ['00 0', '06 21.74', '12 47.83', '18 73.91', '24 100']],
  [25, ['00 0', '06 28', '12 52', '18 76', '24 100']],
] as const)('on a day of %d hours, they stand where clocks show them', (length, hours) => {
  const day = DAYS[length];
  expect(drawn({ ...day, known: day.to, spans: [] }).hours).toEqual(hours);
});
