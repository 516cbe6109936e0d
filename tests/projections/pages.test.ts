// Pages: the defaults, what events make of them, and what a redaction leaves.
import { describe, expect, test } from '@jest/globals';
import { foldModels } from '../../projections/models.ts';
import { findPage, nameOfPage, readablePictures, showPage } from '../../projections/pages.ts';
import { changePageSettings } from '../../src/commands/page-settings.ts';
import { given, type Happened, id, recorded } from '../support/scenario.ts';

const stream = 'page-default';
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const logo = (digest: string | null): Happened => ({
  stream,
  type: 'page.logo-changed',
  data: { digest, type: digest && 'image/png' },
});

function pageAfter(...happened: readonly Happened[]) {
  return findPage(foldModels(recorded(happened)).pages, 'default');
}

describe('the settings', () => {
  test('have defaults before the first event', () => {
    expect(showPage(pageAfter())).toEqual({
      id: 'default',
      organizationId: 'default',
      links: [],
      timeZone: 'UTC',
      locale: 'en',
      logo: null,
      favicon: null,
      historyDays: 14,
      showUptime: true,
      holdSeconds: 20,
      nextUpdateMinutes: 30,
      uptimePolicy: 'statuspage-1',
      version: 0,
    });
    expect(nameOfPage(pageAfter(), undefined)).toBe('Status');
  });

  test('lose the translations of words that change without them', () => {
    const translations = { de: { headline: 'Dateien' } };
    const told: Happened = { stream, type: 'page.described', data: { headline: 'Files', translations } };
    const links: Happened = { stream, type: 'page.described', data: { links: [] } };
    expect(pageAfter(told, links).translations).toEqual(translations);
    const none: Happened = { stream, type: 'page.described', data: { translations: {} } };
    expect(showPage(pageAfter(told, none))).not.toHaveProperty('translations');
    expect(pageAfter(told, { stream, type: 'page.described', data: { headline: 'Mail' } }).translations).toBeNull();
  });

  test('derive the accent of the dark page, unless it is set', () => {
    const light: Happened = { stream, type: 'page.configured', data: { accent: '#0a6a59' } };
    expect(showPage(pageAfter(light)).accentDark).toMatch(/^#[0-9a-f]{6}$/);
    const both: Happened = { stream, type: 'page.configured', data: { accentDark: '#5cd3bb' } };
    expect(showPage(pageAfter(light, both)).accentDark).toBe('#5cd3bb');
  });
});

describe('pictures', () => {
  test('stay readable for the past, but for the oldest', () => {
    const page = pageAfter(logo(A), logo(B), logo(null));
    expect(page.logo).toBeNull();
    expect([...readablePictures(page)]).toEqual([A, B]);
    const many = Array.from({ length: 33 }, (_, index) => logo(String(index).padStart(64, '0')));
    expect(readablePictures(pageAfter(...many)).size).toBe(32);
  });

  test('are gone after a redaction', () => {
    const page = pageAfter(logo(A), {
      stream,
      type: 'event.redacted',
      data: { eventId: id(900_001), remainder: A, shown: ['/logo/digest'], reason: 'A secret.' },
    });
    expect(showPage(page).logo).toBeNull();
    expect(readablePictures(page).size).toBe(0);
  });
});

describe('a change of the settings', () => {
  const change = (settings: object) => ({ organizationId: 'default', ...settings });

  test('records what changed, as words and as options', () => {
    given({ stream, type: 'page.described', data: { headline: 'Files' } })
      .when(
        changePageSettings,
        change({ headline: 'Files', supportUrl: 'https://x.example/', timeZone: 'UTC', historyDays: 7 }),
      )
      .expect(
        { stream, type: 'page.described', data: { supportUrl: 'https://x.example/' } },
        { stream, type: 'page.configured', data: { historyDays: 7 } },
      );
    given()
      .when(changePageSettings, change({ headline: null, embedHosts: null }))
      .expectNothing();
  });

  test('is refused where a colour is hard to read, with the nearest that is not', () => {
    const refused = given().when(changePageSettings, change({ accent: '#ffcc00' }));
    refused.expectRejection('faint-colour', '/accent');
    expect(refused.decision).toMatchObject({
      message: expect.stringMatching(/1\.41 : 1 .* nearest .* #[0-9a-f]{6}\.$/),
    });
    given()
      .when(changePageSettings, change({ accentDark: '#1d2433' }))
      .expectRejection('faint-colour', '/accentDark');
  });

  test('is refused where a notice would have ended already', () => {
    const notice = { text: 'Closed', until: '2020-01-01T00:00:00.000Z' };
    given().when(changePageSettings, change({ notice })).expectRejection('past-time', '/notice/until');
  });
});
