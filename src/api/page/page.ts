// The route of /api/page: everything that a page shows, in one answer.
import type * as z from 'zod';
import { redactedAt } from '../../../projections/redactions.ts';
import type { DrawDays } from '../../../projections/selectors/days.ts';
import type { PageAsked } from '../../../projections/selectors/page-frame.ts';
import { STRIP_DAYS } from '../../../projections/selectors/status-page.ts';
import { secondOf, timeOf } from '../../../projections/uptime/seconds.ts';
import { lastFullMinute } from '../../../projections/uptime/window.ts';
import {
  saidOf,
  type UptimeMoment,
  type UptimeTerms,
  uptimeSettings,
  uptimeTermsOfDays,
} from '../../../projections/uptime-figures.ts';
import { maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import { organizationAsked } from '../../commands/fields.ts';
import { localeField } from '../../commands/page-settings.ts';
import { type Asking, type AsOf, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { filterQuery } from '../../http/parameters.ts';
import type { Answer, Reply, Route } from '../../http/route.ts';
import { drawInTurns, type PageAnswer, pageAnswer } from '../../read-models/page-answer.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { examplePage, pageSchema } from './page-schema.ts';
import { aboutPage, noPage } from './page-settings.ts';

const pageQuery = aboutPage.extend({
  tenantId: filterQuery.shape.tenantId,
  lang: localeField
    .exactOptional()
    .describe(
      'Texts in this language where there are translations (BCP 47). Default: the main texts. The headline is in English, or in German for `de`',
    ),
  ...asOfFields,
});
type PageRequest = z.output<typeof pageQuery>;

interface Parts {
  readonly models: ReadModels;
  readonly asOf: AsOf;
  readonly now: () => Date;
  /** Draws the days before today, and remembers them. */
  readonly drawPast: DrawDays;
}

/** A larger page is not kept as a whole: making it anew takes turns, which the cache cannot wait for. */
const MAX_KEPT = 200;

export function pageRoutes({ models, asOf, now, drawPast }: Parts): Route[] {
  const present = (): UptimeMoment => ({ now: secondOf(now().toISOString()), isLive: true });

  const termsNow = (organizationId: string): UptimeTerms =>
    uptimeTermsOfDays(STRIP_DAYS, uptimeSettings(models.current, organizationId), present());

  const pageNow = (viewer: Viewer, asked: PageAsked, moment = present()): Reply => {
    const { current } = models;
    const body = pageAnswer(current, viewer, asked, { ...moment, drawPast });
    return { status: 200, body, logTag: tagOf(body), ...kept(viewer, asked, body) };
  };

  /** Until another event of the organisation, or until the time that it names. */
  const kept = (viewer: Viewer, asked: PageAsked, body: PageAnswer): Pick<Reply, 'revalidation'> => {
    const { organizationId, language, tenantId } = asked;
    const head = models.current.publicHeads.get(organizationId);
    // What clients invent is too much to be kept.
    const isKnown = language === undefined && (tenantId === undefined || body.services.length > 0);
    if (!head || !isKnown || body.services.length > MAX_KEPT) return {};
    const isCurrent = () => maySee(viewer, organizationId) && models.current.publicHeads.get(organizationId) === head;
    const rebuild = () => (isOfDays(body, termsNow(organizationId)) ? answerNow(viewer, asked) : TO_BE_MADE_IN_TURNS);
    const until = body.validUntil === null ? {} : { validUntil: Date.parse(body.validUntil) };
    return { revalidation: { isCurrent, rebuild, ...until } };
  };

  const answerNow = (viewer: Viewer, asked: PageAsked): Answer =>
    maySee(viewer, asked.organizationId) ? pageNow(viewer, asked) : noPage(asked.organizationId);

  /** Each service in a turn of its own: the rest of the page is short work then. */
  const inTurns = async ({ viewer, turn }: Asking, asked: PageAsked): Promise<Answer> => {
    const { organizationId } = asked;
    await drawInTurns(models.current, viewer, { organizationId, terms: termsNow(organizationId), drawPast, turn });
    return turn(() => answerNow(viewer, asked));
  };

  const answerThen = async (asking: Asking, asked: PageAsked, when: When): Promise<Answer> => {
    const moment = await asOf.moment(when);
    if ('problem' in moment) return moment;
    const { position, time } = moment;
    const past = await asOf.ask({ page: { ...asked, time } }, { position }, asking);
    if (past === 'present') return asking.turn(() => thenNow(asking.viewer, asked, time));
    if ('problem' in past) return past;
    const tag = pastTag(asking.viewer, asked, { position: past.position, to: timeOf(lastFullMinute(secondOf(time))) });
    return { status: 200, body: past.bytes, logTag: tag };
  };

  /** A redaction changes even what is past. */
  const pastTag = (viewer: Viewer, { organizationId }: PageAsked, { position, to }: Tagged): string => {
    const redacted = redactedAt(models.current.redactions, viewer, organizationId);
    return tagOf({ position: Math.max(position, redacted), to });
  };

  const thenNow = (viewer: Viewer, asked: PageAsked, time: string): Reply => {
    const body = pageAnswer(models.current, viewer, asked, { now: secondOf(time), isLive: false });
    return { status: 200, body, logTag: pastTag(viewer, asked, body) };
  };

  const get: Route<unknown, PageRequest> = {
    method: 'get',
    path: '/api/page',
    operationId: 'getPage',
    tag: 'page',
    summary: 'Get everything that the page of an organisation shows',
    description:
      'Services and groups are in the order of the page. `days` has a letter for the worst status of each of the last 90 days: o operational, m maintenance, d degraded, p partial, x major, n no data. ' +
      '`position` and `hash` are those of the last public event: a socket that joins after it misses nothing.',
    access: 'anyone',
    query: pageQuery,
    success: { status: 200, description: 'The page', schema: pageSchema, example: examplePage, tagged: true },
    problems: ['not-found', 'overloaded'],
    cacheable: true,
    handle({ query: { at, position, lang, ...query }, ...asking }) {
      const organizationId = organizationAsked(asking.viewer, query);
      if (!maySee(asking.viewer, organizationId)) return noPage(organizationId);
      const asked = { ...query, organizationId, ...(lang === undefined ? {} : { language: lang }) };
      const when = { at, position };
      return isPast(when) ? answerThen(asking, asked, when) : inTurns(asking, asked);
    },
  };
  return [get];
}

/** The cache passes the request on: days that are not remembered are drawn in turns. */
const TO_BE_MADE_IN_TURNS: Reply = { status: 200 };

/** Whether the page has the same days, counted in the same way. */
function isOfDays({ zone, policy, from }: PageAnswer, terms: UptimeTerms): boolean {
  const said = saidOf(terms);
  return said.zone === zone && said.policy === policy && said.from === from;
}

type Tagged = Pick<PageAnswer, 'position' | 'to'>;

/** Tells answers apart that time alone has made different. */
function tagOf({ position, to }: Tagged): string {
  return `${position}-${Date.parse(to)}`;
}
