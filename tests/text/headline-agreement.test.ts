// That no headline says more or less than the services, in any language, whatever state they are in.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CLAIMED_STATUSES as FAULTS,
  INCIDENT_IMPACTS,
  SERVICE_STATUSES,
  type ServiceStatus,
  worst,
} from '../../projections/events/severity.ts';
import { type Headline, type HeadlineParts, selectHeadline } from '../../projections/selectors/headline.ts';
import { headlineTitle, headlineWords } from '../../src/text/headline.ts';
import { LANGUAGES, type Language, wordsOf } from '../../src/text/words/languages.ts';
import { pseudoWords } from '../support/pseudo-words.ts';
import { sized } from '../support/size.ts';

const NOW = '2026-11-29T09:42:00.000Z';
const LONGEST = 90;

type Services = HeadlineParts['services'];

/** How each language says what a service is, a longer word before one that it contains. */
const SAID: Readonly<Record<Language, readonly (readonly [said: string, status: ServiceStatus])[]>> = {
  en: [
    ['in maintenance', 'maintenance'],
    ['degraded', 'degraded'],
    ['partly down', 'partial'],
    ['down', 'major'],
  ],
  de: [
    ['gewartet', 'maintenance'],
    ['beeinträchtigt', 'degraded'],
    ['teilweise ausgefallen', 'partial'],
    ['ausgefallen', 'major'],
  ],
};

/** Without digits, so that each number in a sentence is a count; in capitals, as no word of a sentence is. */
const name = fc.string({ minLength: 2, maxLength: 60, unit: fc.constantFrom('Q', 'X', 'Z') });
const services: fc.Arbitrary<Services> = fc.uniqueArray(
  fc.record({ name, status: fc.constantFrom(...SERVICE_STATUSES) }).map((each) => ({ ...each, id: each.name })),
  { maxLength: 12, selector: (each) => each.name },
);
const incidents = fc.array(
  fc.constantFrom(...INCIDENT_IMPACTS).map((impact) => ({ title: 'A title', description: 'A sentence.', impact })),
  { maxLength: 2 },
);
const end = fc.integer({ min: 0, max: 4 * 24 * 60 }).map((minutes) => new Date(Date.parse(NOW) + minutes * 60_000));

/** All the work goes on until one moment, or until somebody ends it. */
const parts: fc.Arbitrary<HeadlineParts> = fc
  .record({ services, incidents, end, autoEnd: fc.boolean() })
  .map(({ end: endsAt, autoEnd, ...some }) => ({
    ...some,
    maintenances: [{ endsAt: endsAt.toISOString(), autoEnd, affectedServiceIds: some.services.map(({ id }) => id) }],
  }));

describe.each(LANGUAGES)('in the language %s', (language) => {
  const words = wordsOf(language);

  test('a headline says neither more nor less than the services', () => {
    fc.assert(
      fc.property(parts, (situation) => {
        const headline = selectHeadline(situation);
        const said = headlineWords(headline, words, { now: NOW, timeZone: 'Europe/Berlin' });
        expectAgreement(language, situation.services, { headline, ...said });
        expect(headlineTitle(headline, words) === '').toBe(headline.kind === 'calm' || headline.kind === 'nothing');
      }),
      { numRuns: sized(200, 2_000) },
    );
  });
});

test('a headline is short even in a language that has no short words', () => {
  const words = pseudoWords(wordsOf('en'));
  fc.assert(
    fc.property(parts, (situation) => {
      const { text } = headlineWords(selectHeadline(situation), words, { now: NOW, timeZone: 'Europe/Berlin' });
      expect(text.length).toBeLessThanOrEqual(LONGEST);
    }),
    { numRuns: 100 },
  );
});

interface Said {
  readonly headline: Headline;
  readonly text: string;
  readonly detail: string;
}

function expectAgreement(language: Language, all: Services, said: Said): void {
  const { headline: phrases } = wordsOf(language);
  const { headline, text, detail } = said;
  const calm = namesOf(all, 'operational');
  expect(text.length).toBeLessThanOrEqual(LONGEST);
  expect(text).not.toBe('');
  expect(namesIn(`${text} ${detail}`).filter((each) => calm.includes(each))).toEqual([]);
  switch (headline.kind) {
    case 'nothing':
      expect(all).toEqual([]);
      break;
    case 'calm':
      expect([text, detail]).toEqual([phrases.calm, phrases.calmDetail(calm.length)]);
      expect(calm).toHaveLength(all.length);
      break;
    case 'incident':
      expect(namesOf(all, ...FAULTS)).toEqual([]);
      break;
    case 'all':
      expect(new Set(all.map(({ status }) => status))).toEqual(new Set(statusesIn(text, language)));
      break;
    case 'maintenance':
      expectAllTold(language, namesOf(all, 'maintenance'), all, text);
      if (calm.length > 1) expect(numbersIn(detail)).toEqual([calm.length]);
      break;
    case 'some':
      expectAllTold(language, namesOf(all, ...FAULTS), all, text);
      expectRestTold(all, detail);
  }
}

/** Each service that is affected is named or counted, and no other one; and what it says of them is what they are. */
function expectAllTold(language: Language, affected: readonly string[], all: Services, text: string): void {
  const named = namesIn(text);
  const statuses = all.filter((each) => affected.includes(each.name)).map(({ status }) => status);
  const said = statusesIn(text, language);
  expect(named.filter((each) => !affected.includes(each))).toEqual([]);
  expect(named.length + sum(numbersIn(withoutMoment(text)))).toBe(affected.length);
  expect(said.filter((status) => !statuses.includes(status))).toEqual([]);
  expect(said).toContain(worst(statuses));
}

/** The line below a fault tells of the work and, where the headline can name what is affected, of all others. */
function expectRestTold(all: Services, detail: string): void {
  const [calm, work, faults] = [namesOf(all, 'operational'), namesOf(all, 'maintenance'), namesOf(all, ...FAULTS)];
  if (faults.length > 2) expect(listedIn(detail)).toBe(faults.length + work.length);
  else if (calm.length > 1) expect(numbersIn(detail)).toContain(calm.length);
  if (work.length <= 2) expect(namesIn(detail)).toEqual(expect.arrayContaining(work));
}

function namesOf(all: Services, ...statuses: readonly ServiceStatus[]): string[] {
  return all.filter(({ status }) => statuses.includes(status)).map((each) => each.name);
}

/** Services that a line lists or counts. */
function listedIn(detail: string): number {
  return namesIn(detail).length + sum(numbersIn(detail));
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/[QXZ]{2,}/g)].map(String);
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(Number);
}

/** Without "until 30 Nov, 01:30", in either language. */
function withoutMoment(text: string): string {
  return text.replace(/ (until|bis) (\d+\.? \p{L}+\.?, )?\d\d:\d\d/u, '');
}

function statusesIn(text: string, language: Language): ServiceStatus[] {
  let rest = text;
  return SAID[language].flatMap(([said, status]) => {
    const isSaid = rest.includes(said);
    rest = rest.replaceAll(said, '');
    return isSaid ? [status] : [];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
