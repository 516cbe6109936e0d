// How the row of a page answers: with the page as it is now, kept until something changes it, or as it was.
import type { ComponentType } from 'preact';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { findPage } from '../../../projections/pages.ts';
import { redactedAt } from '../../../projections/redactions.ts';
import type { DrawDays } from '../../../projections/selectors/days.ts';
import { findService, selectServices } from '../../../projections/services.ts';
import { atOnce } from '../../../projections/state/steps.ts';
import { wallClockAt } from '../../../projections/state/zones.ts';
import { secondOf, timeOf } from '../../../projections/uptime/seconds.ts';
import { lastFullMinute } from '../../../projections/uptime/window.ts';
import { maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import { inSteps } from '../../bounds/steps.ts';
import { type Asking, type AsOf, isPast, type When } from '../../http/as-of.ts';
import type { Reader } from '../../http/browsers/reader.ts';
import { pageKey } from '../../http/cache/cache-key.ts';
import { POSITION_HEADER } from '../../http/freshness/served-log.ts';
import { HTML_TYPE } from '../../http/media-types.ts';
import type { Answer, Reply } from '../../http/route.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { selectViewInSteps, type View, type ViewAsked } from '../../read-models/views.ts';
import { formatsFor } from '../../text/formats.ts';
import { LANGUAGES, languageOf, wordsOf } from '../../text/words/languages.ts';
import type { PageAssets } from './assets.ts';
import { type Made, Making, Makings } from './making.ts';
import { homeOf } from './organization-path.ts';
import { momentAsked } from './page-query.ts';
import type { PastMoment, Reading } from './reading.ts';
import { type LeaveOut, renderInSteps } from './render-in-steps.ts';

export interface PageParts {
  readonly models: ReadModels;
  readonly asOf: AsOf;
  readonly now: () => Date;
  /** Draws the days before today, and remembers them. */
  readonly drawPast: DrawDays;
  /** Whether people can sign in here. */
  readonly canSignIn: boolean;
  /** Whether the server waits for its owner, who has a link for that. */
  readonly isUnowned: () => boolean;
  /** The origin for absolute links, without a trailing slash. */
  readonly origin: () => string;
  /** The id of the log. */
  readonly logId: () => string;
  readonly assets: PageAssets;
}

/** What the component of a page is given. */
export interface PageProps<V extends View = View> {
  readonly view: V;
  readonly reading: Reading;
  /** RFC 3339: when the page must be made anew at the latest; `null` for one of the past. */
  readonly until: string | null;
  readonly leaveOut: LeaveOut;
}

/** A page that somebody asks for. */
export interface AskedPage<V extends View = View> {
  /** What it is made from, without the language. */
  readonly asked: ViewAsked;
  readonly when: When;
  readonly reader: Reader;
  /** The path of the front page of its organisation. */
  readonly home: string;
  readonly path: string;
  /** What its query chooses beside the moment and the language. */
  readonly choices?: Readonly<Record<string, string | undefined>>;
  readonly Page: ComponentType<PageProps<V>>;
  /** The moments (RFC 3339) at which time alone changes what it shows. */
  readonly moments: (view: V) => readonly string[];
  /** The answer if there is nothing to show. */
  readonly missing: Answer;
  /** Headers that it has in addition to those of all pages. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

export type AnswerPage = <V extends View>(page: AskedPage<V>, asking: Asking) => Answer | Promise<Answer>;

/** For how long browsers may keep a page of the past without asking, in seconds. */
const PAST_AGE = 300;

/** A page with more services is made anew in turns, which the cache cannot wait for. */
const MAX_MADE_AT_ONCE = 200;

/** The cache passes the request on. */
const TO_BE_MADE_ANEW: Reply = { status: 200 };

export function createPageReply({ models, asOf, now, drawPast, origin, assets, isUnowned }: PageParts): AnswerPage {
  const makings = new Makings();

  const readingOf = <V extends View>(
    page: AskedPage<V>,
    { instant, past }: { readonly instant: string; readonly past?: PastMoment },
  ): Reading => {
    const { timeZone, locale } = findPage(models.current.pages, page.asked.organizationId);
    const words = wordsOf(page.reader.language ?? languageOf(locale) ?? LANGUAGES[0]);
    return {
      words,
      formats: formatsFor(words, timeZone),
      zone: timeZone,
      ownLanguage: locale,
      theme: page.reader.theme,
      instant,
      now: past ? instant : minuteOf(instant),
      past,
      home: page.home,
      path: page.path,
      address: addressOf(page, past?.query),
      origin: origin(),
      isUnowned: isUnowned(),
      assets,
    };
  };

  /** What clients invent is too much to be kept. */
  const isInvented = (asked: ViewAsked) =>
    'service' in asked && asked.service !== undefined && !findService(models.current.services, asked.service);

  const countServices = (organizationId: string, viewer: Viewer) =>
    selectServices(models.current.services, viewer, { organizationId }).length;

  /** The date by the clock of the organisation. */
  const today = (organizationId: string) =>
    wallClockAt(now().toISOString(), findPage(models.current.pages, organizationId).timeZone).slice(0, 10);

  const html = <V extends View>({ Page }: AskedPage<V>, props: Omit<PageProps<V>, 'leaveOut'>) =>
    renderInSteps((leaveOut) => render(h(Page, { ...props, leaveOut })));

  /** The page as it is when this begins, whatever happens meanwhile. */
  function* presentInSteps<V extends View>(page: AskedPage<V>, viewer: Viewer): Generator<void, Answer> {
    const { organizationId } = page.asked;
    if (!maySee(viewer, organizationId)) return page.missing;
    const second = secondOf(now().toISOString());
    const reading = readingOf(page, { instant: timeOf(second) });
    const asked = { ...page.asked, language: reading.words.language };
    const headers = { 'Content-Type': HTML_TYPE, ...page.headers?.() };
    const keptUntil = keeping(page, viewer);
    const moment = { now: second, isLive: true, drawPast };
    const view = (yield* selectViewInSteps(models.current, viewer, asked, moment)) as V | undefined;
    if (!view) return page.missing;
    const until = earliest([view.validUntil, ...page.moments(view)], timeOf(second));
    return {
      status: 200,
      body: yield* html(page, { view, reading, until }),
      logTag: `${view.frame.position}-${Date.parse(reading.now)}-${assets.build}`,
      headers,
      ...keptUntil(until),
    };
  }

  const present = <V extends View>(page: AskedPage<V>, viewer: Viewer): Answer => atOnce(presentInSteps(page, viewer));

  /** Tells whether nothing has happened since that the page shows. */
  const unchanged = (organizationId: string, viewer: Viewer) => {
    const head = models.current.publicHeads.get(organizationId);
    return () => maySee(viewer, organizationId) && models.current.publicHeads.get(organizationId) === head;
  };

  /** Until another public event of the organisation, or until time changes it. */
  const keeping = <V extends View>(
    page: AskedPage<V>,
    viewer: Viewer,
  ): ((until: string | null) => Pick<Reply, 'revalidation'>) => {
    const { organizationId } = page.asked;
    if (!models.current.publicHeads.has(organizationId) || isInvented(page.asked)) return () => ({});
    const headers = JSON.stringify(page.headers?.());
    const isSmall = countServices(organizationId, viewer) <= MAX_MADE_AT_ONCE;
    const day = today(organizationId);
    const isCurrent = unchanged(organizationId, viewer);
    // At another address, its old one leads on, or belongs to another organisation.
    const isAtHome = () => homeOf(models.current.organizations, organizationId) === page.home;
    // Headers are kept as they are.
    const hasHeaders = () => JSON.stringify(page.headers?.()) === headers;
    const canRebuild = () => isSmall && isAtHome() && hasHeaders() && today(organizationId) === day;
    const rebuild = () => (canRebuild() ? present(page, viewer) : TO_BE_MADE_ANEW);
    return (until) => ({
      revalidation: { isCurrent, rebuild, ...(until === null ? {} : { validUntil: Date.parse(until) }) },
    });
  };

  const then = async <V extends View>(page: AskedPage<V>, asking: Asking): Promise<Answer> => {
    const { organizationId } = page.asked;
    const when = momentAsked(page.when, findPage(models.current.pages, organizationId).timeZone);
    const moment = await asOf.moment(when);
    if ('problem' in moment) return moment;
    const { position, time } = moment;
    const reading = readingOf(page, { instant: time, past: { at: time, position, query: queryOf(when) } });
    const asked = { ...page.asked, language: reading.words.language };
    const past = await asOf.ask({ view: { ...asked, time } }, { position }, asking);
    if (past !== 'present' && 'problem' in past) return past;
    const { current } = models;
    const steps = function* (): Generator<void, Answer> {
      const view =
        past === 'present'
          ? yield* selectViewInSteps(current, asking.viewer, asked, { now: secondOf(time), isLive: false })
          : (JSON.parse(past.bytes.toString()) as View | null);
      if (!view) return page.missing;
      // A redaction changes even what is past, and the settings by which clock and in which language it is told.
      const redacted = redactedAt(current.redactions, asking.viewer, organizationId);
      const { version } = findPage(current.pages, organizationId);
      return {
        status: 200,
        body: yield* html(page, { view: view as V, reading, until: null }),
        logTag: `${Math.max(view.frame.position, redacted)}-${Date.parse(time)}-${version}-${assets.build}`,
        headers: { 'Content-Type': HTML_TYPE, 'Cache-Control': `private, max-age=${PAST_AGE}` },
      };
    };
    return inSteps(steps(), asking.turn);
  };

  const begin = <V extends View>(page: AskedPage<V>, viewer: Viewer): Making => {
    const { organizationId } = page.asked;
    return new Making({
      steps: presentInSteps(page, viewer),
      position: models.current.publicHeads.get(organizationId)?.position ?? 0,
      isOfNow: unchanged(organizationId, viewer),
    });
  };

  const make = async <V extends View>(page: AskedPage<V>, { viewer, turn }: Asking): Promise<Made> => {
    const time = now();
    if (viewer.actor.kind !== 'anonymous') {
      const making = begin(page, viewer);
      return { making, answer: await inSteps(making, turn) };
    }
    // What readers without a credential ask for is the same for all of them.
    const about = [page.asked.organizationId, minuteOf(time.toISOString()), addressOf(page, undefined)];
    const key = pageKey(about.join(' '), page.reader);
    return makings.make({ key, now: time, begin: () => begin(page, viewer), turn });
  };

  const presentInTurns = async <V extends View>(page: AskedPage<V>, asking: Asking): Promise<Answer> => {
    const { making, answer } = await make(page, asking);
    if (!maySee(asking.viewer, page.asked.organizationId)) return page.missing;
    return 'problem' in answer || making.isCurrentAt(now()) ? answer : outdated(answer, making.position);
  };

  return (page, asking) => {
    if (!maySee(asking.viewer, page.asked.organizationId)) return page.missing;
    if (isPast(page.when)) return then(page, asking);
    return page.asked.view === 'status' ? presentInTurns(page, asking) : present(page, asking.viewer);
  };
}

/** Something has changed while it was made: it says from when it is, and is not kept. */
function outdated({ revalidation: _, ...reply }: Reply, position: number): Reply {
  return { ...reply, headers: { ...reply.headers, [POSITION_HEADER]: String(position) } };
}

function minuteOf(instant: string): string {
  return timeOf(lastFullMinute(secondOf(instant)));
}

/** The next of these moments that is still to come. */
function earliest(moments: readonly (string | null)[], now: string): string | null {
  return moments.filter((moment) => moment !== null && moment > now).sort()[0] ?? null;
}

/** With all that its query chooses but the language. `past` is the query of its moment. */
function addressOf({ path, choices = {} }: Pick<AskedPage, 'path' | 'choices'>, past: string | undefined): string {
  const query = new URLSearchParams(past);
  for (const [name, value] of Object.entries(choices)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query}`;
}

/** What the links of a page of the past carry. */
function queryOf({ at, position }: When): string {
  return at === undefined ? `?position=${position}` : `?at=${encodeURIComponent(at)}`;
}
