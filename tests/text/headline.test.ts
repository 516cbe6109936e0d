// Headlines: every situation of a page in English, and the clauses that German puts together otherwise.
import { describe, expect, test } from '@jest/globals';
import type { IncidentImpact, ServiceStatus } from '../../projections/events/severity.ts';
import { type HeadlineParts, selectHeadline } from '../../projections/selectors/headline.ts';
import { headlineTitle, headlineWords } from '../../src/text/headline.ts';
import { de } from '../../src/text/words/de.ts';
import { en } from '../../src/text/words/en.ts';

const READING = { now: '2026-11-29T09:42:00.000Z', timeZone: 'Europe/Berlin' };

type Services = Readonly<Record<string, ServiceStatus>>;
type Incident = HeadlineParts['incidents'][number];
type Maintenance = HeadlineParts['maintenances'][number];

interface Situation {
  /** By name. */
  readonly services: Services;
  readonly incidents?: readonly Incident[];
  readonly maintenances?: readonly Maintenance[];
}

function told({ services, incidents = [], maintenances = [] }: Situation, words = en) {
  const listed = Object.entries(services).map(([name, status]) => ({ id: name, name, status }));
  const headline = selectHeadline({ services: listed, incidents, maintenances });
  return { headline, ...headlineWords(headline, words, READING) };
}

const calm = (count: number): Services =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Calm ${index}`, 'operational']));
const all = (status: ServiceStatus, ...names: string[]): Services =>
  Object.fromEntries(names.map((name) => [name, status]));
const incident = (description: string, impact: IncidentImpact = 'minor', title = 'Slow files'): Incident => ({
  title,
  description,
  impact,
});
const window = (endsAt: string, autoEnd = true): Maintenance => ({ endsAt, autoEnd, affectedServiceIds: ['Email'] });
const LONG = 'A service with a name that somebody wrote down in full length';

describe('what a page says', () => {
  test.each<[situation: string, Situation, text: string, detail: string]>([
    ['no services', { services: {} }, 'Nothing is listed here yet', ''],
    ['all operational', { services: calm(19) }, 'Everything works', 'All 19 services are operational.'],
    ['one service, operational', { services: calm(1) }, 'Everything works', 'The service is operational.'],
    [
      'one affected',
      { services: { Files: 'degraded', ...calm(16) }, incidents: [incident('Large files *take* longer. We look.')] },
      'Files is degraded',
      'Large files take longer. The other 16 services work normally.',
    ],
    [
      'one partly down',
      { services: { A: 'partial', ...calm(1) } },
      'A is partly down',
      'The other service works normally.',
    ],
    ['one down, of one', { services: { A: 'major' } }, 'A is down', ''],
    [
      'a long sentence is left out',
      { services: { A: 'major', ...calm(2) }, incidents: [incident(`${'x'.repeat(140)}.`)] },
      'A is down',
      'The other 2 services work normally.',
    ],
    [
      'the newest incident that affects anything',
      {
        services: { A: 'degraded', ...calm(2) },
        incidents: [incident('Old.'), incident('New'), incident('Told.', 'none')],
      },
      'A is degraded',
      'New. The other 2 services work normally.',
    ],
    [
      'what was redacted is not repeated',
      { services: { A: 'degraded' }, incidents: [incident('[redacted]')] },
      'A is degraded',
      '',
    ],
    [
      'two affected, same state',
      { services: { ...all('degraded', 'A', 'B'), ...calm(2) } },
      'A and B are degraded',
      'The other 2 services work normally.',
    ],
    [
      'two affected, states differ',
      { services: { B: 'degraded', A: 'major', ...calm(2) } },
      'A is down, B is degraded',
      'The other 2 services work normally.',
    ],
    [
      'three, one worse than the rest',
      { services: { A: 'degraded', B: 'major', C: 'degraded', ...calm(2) } },
      'B is down, 2 more services are degraded',
      'B, A and C.',
    ],
    [
      'three, each another',
      { services: { A: 'degraded', B: 'major', C: 'partial', ...calm(2) } },
      'B is down, 2 more services are affected',
      'B, A and C.',
    ],
    [
      'three alike',
      { services: { ...all('partial', 'A', 'B', 'C'), ...calm(1) } },
      '3 services are partly down',
      'A, B and C.',
    ],
    [
      'many, two worse than the rest',
      { services: { ...all('major', 'A', 'B'), ...all('degraded', 'C', 'D', 'E', 'F'), ...calm(1) } },
      '2 services are down, 4 more services are degraded',
      'A, B, C, D, E and 1 more.',
    ],
    ['all down', { services: all('major', 'A', 'B') }, 'Everything is down', ''],
    ['all degraded', { services: all('degraded', 'A', 'B', 'C') }, 'All services are degraded', ''],
    [
      'all affected, not alike',
      { services: { A: 'major', ...all('degraded', 'B', 'C') } },
      'A is down, 2 more services are degraded',
      'A, B and C.',
    ],
    [
      'faults and maintenance together',
      { services: { A: 'degraded', Email: 'maintenance', ...calm(3) } },
      'A is degraded',
      'Email is in maintenance. The other 3 services work normally.',
    ],
    [
      'only maintenance',
      { services: { Email: 'maintenance', ...calm(3) }, maintenances: [window('2026-11-29T10:30:00.000Z')] },
      'Email is in maintenance until 11:30',
      'Planned work. The other 3 services work normally.',
    ],
    [
      'maintenance until another day',
      { services: { Email: 'maintenance' }, maintenances: [window('2026-11-30T00:30:00.000Z')] },
      'Email is in maintenance until 30 Nov, 01:30',
      'Planned work.',
    ],
    [
      'maintenance that does not end by itself',
      { services: { Email: 'maintenance' }, maintenances: [window('2026-11-29T10:30:00.000Z', false)] },
      'Email is in maintenance',
      'Planned work.',
    ],
    [
      'maintenance of many',
      { services: all('maintenance', 'A', 'B', 'C') },
      '3 services are in maintenance',
      'Planned work.',
    ],
    [
      'an incident of no service',
      { services: calm(2), incidents: [incident('We look.', 'critical', 'Sign-in fails')] },
      'Sign-in fails',
      'All services are reported operational.',
    ],
    [
      'an incident of no service beside maintenance',
      { services: { Email: 'maintenance', ...calm(2) }, incidents: [incident('We look.', 'minor', 'Sign-in is slow')] },
      'Sign-in is slow',
      'Email is in maintenance. The other 2 services work normally.',
    ],
    [
      'an incident that turns nothing red',
      { services: calm(2), incidents: [incident('Told.', 'none')] },
      'Everything works',
      'All 2 services are operational.',
    ],
    [
      'names that are too long',
      { services: { ...all('degraded', LONG, `${LONG} 2`), ...calm(1) } },
      '2 services are degraded',
      `${LONG} and ${LONG} 2. The other service works normally.`,
    ],
  ])('%s', (_, situation, text, detail) => {
    const { text: said, detail: below } = told(situation);
    expect([said, below]).toEqual([text, detail]);
  });
});

test.each<[Situation, text: string, detail: string]>([
  [{ services: {} }, 'Hier ist noch nichts aufgeführt', ''],
  [{ services: calm(19) }, 'Alles funktioniert', 'Alle 19 Dienste sind betriebsbereit.'],
  [{ services: calm(1) }, 'Alles funktioniert', 'Der Dienst ist betriebsbereit.'],
  [
    { services: { ...all('degraded', 'A', 'B'), ...calm(1) } },
    'A und B sind beeinträchtigt',
    'Der andere Dienst funktioniert normal.',
  ],
  [
    { services: { A: 'degraded', B: 'major', C: 'partial', Email: 'maintenance', ...calm(2) } },
    'B ist ausgefallen, 2 weitere Dienste sind betroffen',
    'B, A und C. Email wird gewartet.',
  ],
  [
    { services: { A: 'major', B: 'major', C: 'partial', D: 'partial', E: 'partial', F: 'partial' } },
    '2 Dienste sind ausgefallen, 4 weitere Dienste sind teilweise ausgefallen',
    'A, B, C, D, E und 1 weiterer.',
  ],
  [{ services: all('major', 'A', 'B') }, 'Alle Dienste sind ausgefallen', ''],
  [
    { services: { Email: 'maintenance', ...calm(2) }, maintenances: [window('2026-11-29T10:30:00.000Z')] },
    'Email wird bis 11:30 Uhr gewartet',
    'Geplante Arbeiten. Die anderen 2 Dienste funktionieren normal.',
  ],
  [
    { services: { Email: 'maintenance' }, maintenances: [window('2026-11-30T00:30:00.000Z')] },
    'Email wird bis 30. Nov., 01:30 Uhr gewartet',
    'Geplante Arbeiten.',
  ],
  [{ services: all('maintenance', 'A', 'B', 'C') }, '3 Dienste werden gewartet', 'Geplante Arbeiten.'],
  [
    { services: { [LONG]: 'major', [`${LONG} 2`]: 'degraded' } },
    '1 Dienst ist ausgefallen, 1 weiterer Dienst ist beeinträchtigt',
    `${LONG} und ${LONG} 2.`,
  ],
])('in German: %j', (situation, text, detail) => {
  const { text: said, detail: below } = told(situation, de);
  expect([said, below]).toEqual([text, detail]);
});

test.each<[situation: string, Situation, title: string]>([
  ['all operational', { services: calm(2) }, ''],
  ['one degraded', { services: { A: 'degraded', ...calm(2) } }, 'A is degraded'],
  ['two alike', { services: { A: 'degraded', B: 'degraded', ...calm(2) } }, '2 services degraded'],
  ['several statuses', { services: { A: 'degraded', B: 'major', ...calm(2) } }, '2 services affected'],
  ['only maintenance', { services: { A: 'maintenance', ...calm(2) } }, 'A is in maintenance'],
  ['an incident of no service', { services: calm(2), incidents: [incident('')] }, 'Slow files'],
])('the title of a page with %s', (_, situation, title) => {
  expect(headlineTitle(told(situation).headline, en)).toBe(title);
});
