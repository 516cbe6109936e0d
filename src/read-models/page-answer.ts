// The answer that holds a whole page: what is selected of it, with the headline in words.
import { type DrawDays, type DrawnDays, drawDays } from '../../projections/selectors/days.ts';
import {
  type PageAsked,
  type PageModels,
  type PageMoment,
  type SelectedPage,
  selectStatusPage,
} from '../../projections/selectors/status-page.ts';
import { timeOf } from '../../projections/uptime/seconds.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { type HeadlineWords, headlineWords } from '../text/words/en.ts';

export interface PageAnswer extends Omit<SelectedPage, 'headline'> {
  readonly headline: HeadlineWords & Pick<SelectedPage['headline'], 'status'>;
}

/** Without an access check. */
export function pageAnswer(models: PageModels, viewer: Viewer, asked: PageAsked, moment: PageMoment): PageAnswer {
  const page = selectStatusPage(models, viewer, asked, moment);
  const { headline, zone: timeZone } = page;
  const words = headlineWords(headline, { now: timeOf(moment.now), timeZone });
  return { ...page, headline: { ...words, status: headline.status } };
}

/**
 * Draws the days before today, and remembers them for as long as the service stays the same: a commit changes few
 * services, and time changes none of these days.
 */
export function rememberingDays(): DrawDays {
  const known = new WeakMap<object, { readonly key: string; readonly drawn: DrawnDays }>();
  return (state, service, terms) => {
    const { window, policy } = terms;
    const key = `${policy} ${window.zone} ${window.from} ${window.to}`;
    const before = known.get(service);
    if (before?.key === key) return before.drawn;
    const drawn = drawDays(state, service, terms);
    known.set(service, { key, drawn });
    return drawn;
  };
}
