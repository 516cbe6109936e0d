// The answer that holds a whole page: what is selected of it, with the headline in words.
import { findPage } from '../../projections/pages.ts';
import { type DrawDays, type DrawnDays, drawDays, selectDays } from '../../projections/selectors/days.ts';
import type { Headline } from '../../projections/selectors/headline.ts';
import { type PageAsked, type PageModels, selectPageHeadline } from '../../projections/selectors/page-frame.ts';
import { type PageMoment, type SelectedPage, selectStatusPage } from '../../projections/selectors/status-page.ts';
import { selectServices } from '../../projections/services.ts';
import { timeOf } from '../../projections/uptime/seconds.ts';
import type { UptimeTerms } from '../../projections/uptime-figures.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { type HeadlineWords, headlineWords, type WhenRead } from '../text/headline.ts';
import { languageOf, wordsOf } from '../text/words/languages.ts';

/** The headline of a page in words. */
export type ShownHeadline = HeadlineWords & Pick<Headline, 'status'>;

export interface PageAnswer extends Omit<SelectedPage, 'headline'> {
  readonly headline: ShownHeadline;
}

/** Without an access check. */
export function pageAnswer(models: PageModels, viewer: Viewer, asked: PageAsked, moment: PageMoment): PageAnswer {
  const page = selectStatusPage(models, viewer, asked, moment);
  return { ...page, headline: inWords(page.headline, asked, { now: timeOf(moment.now), timeZone: page.zone }) };
}

/** The headline alone, of the page at this time (RFC 3339). Without an access check. */
export function pageHeadline(models: PageModels, viewer: Viewer, asked: PageAsked, now: string): ShownHeadline {
  const { timeZone } = findPage(models.pages, asked.organizationId);
  return inWords(selectPageHeadline(models, viewer, asked), asked, { now, timeZone });
}

/** In the reader's language where there are words of it, else in English. */
function inWords(headline: Headline, { language = '' }: PageAsked, reading: WhenRead): ShownHeadline {
  const words = wordsOf(languageOf(language) ?? 'en');
  return { ...headlineWords(headline, words, reading), status: headline.status };
}

interface Drawing {
  readonly organizationId: string;
  readonly terms: UptimeTerms;
  /** Remembers what it draws. */
  readonly drawPast: DrawDays;
  /** Waits until the work may be done, and does it. */
  readonly turn: <T>(work: () => T) => Promise<T> | T;
}

/** Draws the days of each service of a page in a turn of its own: making the page is short work then. */
export async function drawInTurns(
  { services, uptime }: PageModels,
  viewer: Viewer,
  { organizationId, terms, drawPast, turn }: Drawing,
): Promise<void> {
  for (const { id } of selectServices(services, viewer, { organizationId })) {
    const service = uptime.services.get(id);
    if (service) await turn(() => selectDays(service, terms, drawPast));
  }
}

/**
 * Draws the days before today, and remembers them for as long as the service stays the same: a commit changes few
 * services, and time changes none of these days.
 */
export function rememberingDays(): DrawDays {
  const known = new WeakMap<object, { readonly key: string; readonly drawn: DrawnDays }>();
  return (service, terms) => {
    const { window, policy } = terms;
    const key = `${policy} ${window.zone} ${window.from} ${window.to}`;
    const before = known.get(service);
    if (before?.key === key) return before.drawn;
    const drawn = drawDays(service, terms);
    known.set(service, { key, drawn });
    return drawn;
  };
}
