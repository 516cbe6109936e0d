// The texts that values change, in both languages: numbers of one and of many, and what is left out.
import { expect, test } from '@jest/globals';
import { de } from '../../../src/text/words/de.ts';
import { en } from '../../../src/text/words/en.ts';
import type { Words } from '../../../src/text/words/words.ts';

const strip = { name: 'CDN', days: 90, uptime: '99.98 %', troubles: ['17 Sept degraded 38 min'] };
const parts = [
  { status: 'partial', duration: '18 min' },
  { status: 'degraded', duration: '42 min' },
] as const;

test.each<[write: (words: Words) => string, english: string, german: string]>([
  [({ page }) => page.past(14), 'Past two weeks', 'Letzte zwei Wochen'],
  [({ page }) => page.past(7), 'Past week', 'Letzte Woche'],
  [({ page }) => page.past(30), 'Past 30 days', 'Letzte 30 Tage'],
  [
    ({ page }) => page.nothingHappened(14),
    'Nothing happened in the past two weeks.',
    'In den letzten zwei Wochen ist nichts vorgefallen.',
  ],
  [
    ({ page }) => page.nothingHappened(1),
    'Nothing happened in the past day.',
    'Am letzten Tag ist nichts vorgefallen.',
  ],
  [
    ({ page }) => page.empty('Acme'),
    'Services appear here as soon as Acme adds them.',
    'Dienste erscheinen hier, sobald Acme sie hinzufügt.',
  ],
  [({ services }) => services.total(1), '1 service', '1 Dienst'],
  [({ services }) => services.total(1_019), '1\u202f019 services', '1\u202f019 Dienste'],
  [({ services }) => services.sum(4, 4, 'operational'), 'All 4 operational', 'Alle 4 betriebsbereit'],
  [({ services }) => services.sum(2, 4, 'degraded'), '2 of 4 degraded', '2 von 4 beeinträchtigt'],
  [({ services }) => services.sum(1, 3, 'maintenance'), '1 of 3 in maintenance', '1 von 3 in Wartung'],
  [({ services }) => services.sum(2, 3, null), '2 of 3 affected', '2 von 3 betroffen'],
  [({ services }) => services.sum(1, 1, 'major'), '1 down', '1 ausgefallen'],
  [({ services }) => services.sum(0, 0, 'operational'), 'No services', 'Keine Dienste'],
  [
    ({ services }) => services.summary(strip),
    'CDN, last 90 days: 99.98 % uptime. 17 Sept degraded 38 min.',
    'CDN, letzte 90 Tage: 99.98 % verfügbar. 17 Sept degraded 38 min.',
  ],
  [
    ({ services }) => services.summary({ ...strip, uptime: null, troubles: [] }),
    'CDN, last 90 days: uptime not known. No problems.',
    'CDN, letzte 90 Tage: Verfügbarkeit nicht bekannt. Keine Störungen.',
  ],
  [
    ({ services }) => services.trouble('6 Oct', 'partial', '12 min'),
    '6 Oct partly down 12 min',
    '6 Oct teilweise ausgefallen 12 min',
  ],
  [({ services }) => services.moreTroubles(3), 'and 3 more days', 'und 3 weitere Tage'],
  [
    ({ services }) => services.day(parts, '99.62 %'),
    'partly down 18 min, degraded 42 min, 99.62 %',
    'teilweise ausgefallen 18 min, beeinträchtigt 42 min, 99.62 %',
  ],
  [({ services }) => services.day([], null), '', ''],
  [({ incident }) => incident.earlier(1), '1 earlier update', '1 frühere Meldung'],
  [({ incident }) => incident.earlier(2), '2 earlier updates', '2 frühere Meldungen'],
  [({ incident }) => incident.resolvedAfter('60 min'), 'Resolved after 60 min', 'Behoben nach 60 min'],
  [({ incident }) => incident.others(17), 'The other 17 services', 'Die anderen 17 Dienste'],
  [
    ({ incident }) => incident.records(4_172, 4_182),
    'Records 4\u202f172 to 4\u202f182',
    'Einträge 4\u202f172 bis 4\u202f182',
  ],
  [({ incident }) => incident.records(3, 3), 'Record 3', 'Eintrag 3'],
  [
    ({ maintenance }) => maintenance.completedIn('55 min', '90 min'),
    'Completed in 55 min of a planned 90 min',
    'Abgeschlossen in 55 min von geplanten 90 min',
  ],
  [
    ({ maintenance }) => maintenance.completedIn('1 h', '1 h'),
    'Completed in 1 h, as planned',
    'Abgeschlossen in 1 h, wie geplant',
  ],
  [({ maintenance }) => maintenance.elapsed(29, 68), '29 of 68\u00a0min', '29 von 68\u00a0min'],
  [
    ({ maintenance }) => maintenance.repeats(['7 Jan', '4 Feb']),
    'Repeats, next: 7 Jan, 4 Feb',
    'Wiederholt sich, als Nächstes: 7 Jan, 4 Feb',
  ],
  [({ maintenance }) => maintenance.repeats([]), 'Repeats', 'Wiederholt sich'],
  [({ maintenance }) => maintenance.more(1), '1 more is planned.', '1 weitere Wartung ist geplant.'],
  [({ past }) => past.updates(4), '4 updates', '4 Meldungen'],
  [({ past }) => past.days(10), '10 days', '10 Tage'],
  [({ past }) => past.services('API', 1), 'API + 1', 'API + 1'],
  [({ past }) => past.services('API', 0), 'API', 'API'],
  [({ history }) => history.counts(3, 1), '3 incidents · 1 maintenance', '3 Störungen · 1 Wartung'],
  [
    ({ history }) => history.nothingIn('October 2026'),
    'Nothing happened in October 2026.',
    'Im October 2026 ist nichts vorgefallen.',
  ],
  [
    ({ service }) => service.correction({ range: 'X', before: 'partial', status: 'operational' }),
    'X: counts as operational instead of partly down.',
    'X: zählt als „betriebsbereit“ statt „teilweise ausgefallen“.',
  ],
  [
    ({ service }) => service.changedDay({ date: '28 Nov', before: '99.58 %', after: null }),
    '28 Nov: 99.58 % → no data',
    '28 Nov: 99.58 % → keine Daten',
  ],
  [({ service }) => service.lastDays(365), '12\u00a0months', '12\u00a0Monate'],
  [({ service }) => service.stateSince('major'), 'Down since {moment}', 'Ausgefallen seit {moment}'],
  [
    ({ uptime }) => [10, 3, 1, 0, null].map(uptime.weight).join(),
    'in full,3 tenths,1 tenth,not at all,left out',
    'ganz,3 Zehntel,1 Zehntel,gar nicht,ausgelassen',
  ],
  [({ problem }) => problem.tryAgainIn(1), 'Try again in 1 second.', 'Neuer Versuch in 1 Sekunde.'],
])('%#', (write, english, german) => {
  expect([write(en), write(de)]).toEqual([english, german]);
});
