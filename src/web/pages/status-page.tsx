// The front page of an organisation: the answer, what goes on, the services, what is planned, and the past.
import { STATUS_OF_IMPACT } from '../../../projections/events/severity.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import { nextOfEach } from '../../../projections/selectors/maintenances-view.ts';
import type { SelectedPage } from '../../../projections/selectors/status-page.ts';
import type { View } from '../../read-models/views.ts';
import { headlineTitle, headlineWords } from '../../text/headline.ts';
import type { AffectedService } from '../components/affected.tsx';
import { Answer } from '../components/answer.tsx';
import { Document } from '../components/document.tsx';
import { Filled } from '../components/filled.tsx';
import { Footer } from '../components/footer.tsx';
import { Glyph } from '../components/glyph.tsx';
import { IncidentPanel } from '../components/incident-panel.tsx';
import { Markdown } from '../components/markdown.tsx';
import { Masthead } from '../components/masthead.tsx';
import { formatOf, Moment } from '../components/moment.tsx';
import { lastDateOf, PastDays } from '../components/past-days.tsx';
import { Plan } from '../components/plan.tsx';
import type { NamesOfServices } from '../components/service-names.ts';
import { ServicesTable } from '../components/services-table.tsx';
import { textLanguage } from '../components/text-language.ts';
import { TimeBar } from '../components/time-bar.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { dateOf, entityPage, fileOf, pageOf, type Reading } from '../reply/reading.ts';

export function StatusPage({ view: { page, titles, names }, reading, until, leaveOut }: PageProps<View<'status'>>) {
  const { words } = reading;
  const headline = headlineWords(page.headline, words, { now: reading.now, timeZone: page.zone });
  const { settings } = page;
  return (
    <Document
      frame={page}
      reading={reading}
      title={headlineTitle(page.headline, reading.words)}
      description={[headline.text, headline.detail].filter((text) => text !== '').join('. ')}
      state={page.headline.status}
      isLive
      until={until}
    >
      <a class="skip" href="#answer">
        {words.frame.skip}
      </a>
      <TimeBar reading={reading} />
      <Notice page={page} reading={reading} />
      {reading.isUnowned && (
        <aside class="notice" aria-label={words.page.notice}>
          <p class="frame">{words.page.setUp}</p>
        </aside>
      )}
      <div class={`band ${page.headline.status}`}>
        <Masthead frame={page} reading={reading} isFront />
        <Answer
          state={page.headline.status}
          headline={headline.text}
          detail={headline.detail}
          isLive
          about={<About page={page} reading={reading} />}
          reading={reading}
        >
          <LastChange at={lastChange(page)} reading={reading} />
        </Answer>
      </div>
      <main class="frame">
        <GoingOn page={page} reading={reading} />
        {page.services.length === 0 ? (
          <p class="panel empty">{words.page.empty(settings.name)}</p>
        ) : (
          <ServicesTable
            page={page}
            lastDay={dateOf(page.to, reading)}
            titles={titles}
            reading={reading}
            leaveOut={leaveOut}
          />
        )}
        {page.maintenances.length > 0 && (
          <section aria-labelledby="plans">
            <div class="heading">
              <h2 id="plans">{words.page.plans}</h2>
              <a href={pageOf(reading, 'maintenance')}>{words.page.allPlans}</a>
              <a href={fileOf(reading, 'maintenance.ics')}>{words.maintenance.addToCalendar}</a>
            </div>
            <div class="panel">
              {nextOfEach(page.maintenances).map((maintenance) => (
                <Plan key={maintenance.id} maintenance={maintenance} names={names} reading={reading} />
              ))}
            </div>
          </section>
        )}
        <Past page={page} names={names} reading={reading} />
      </main>
      <Footer frame={page} reading={reading} hasPast />
    </Document>
  );
}

interface Part {
  readonly page: SelectedPage;
  readonly reading: Reading;
}

/** The latest change of anything that the page shows; `undefined` if it shows nothing. */
function lastChange({ services, incidents, maintenances, past }: SelectedPage): string | undefined {
  let last: string | undefined;
  for (const { lastUpdated } of services) if (last === undefined || lastUpdated > last) last = lastUpdated;
  const changes = [...incidents, ...maintenances, ...past].map(({ updatedAt }) => updatedAt);
  return [...changes, ...(last === undefined ? [] : [last])].sort().at(-1);
}

function LastChange({ at, reading }: { readonly at: string | undefined; readonly reading: Reading }) {
  if (at === undefined) return null;
  return (
    <span class="last-change">
      <Filled
        template={reading.words.page.lastChange}
        with={{ moment: <Moment at={at} as={formatOf(at, reading)} reading={reading} /> }}
      />
    </span>
  );
}

function About({ page: { settings }, reading }: Part) {
  if (!settings.description) return null;
  return (
    <div class="about prose" lang={textLanguage(settings, 'description', reading)}>
      <Markdown text={settings.description} />
    </div>
  );
}

function Notice({ page: { settings }, reading }: Part) {
  const { notice } = settings;
  if (!notice || (notice.until !== undefined && notice.until <= reading.instant)) return null;
  return (
    <aside class="notice" aria-label={reading.words.page.notice} lang={textLanguage(settings, 'notice', reading)}>
      <div class="frame">
        <Markdown text={notice.text} />
      </div>
    </aside>
  );
}

/** More than any team can tell of at once: the history has the others. */
const MAX_PANELS = 20;
const MAX_RESOLVED = 5;
const MAX_PAST = 50;

/** What is unresolved, and for an hour what was resolved last. */
function GoingOn({ page, reading }: Part) {
  const recent = justResolved(page, reading.instant);
  if (page.incidents.length + recent.length === 0) return null;
  return (
    <section aria-labelledby="now">
      <h2 class="hidden" id="now">
        {reading.words.page.now}
      </h2>
      {page.incidents.slice(0, MAX_PANELS).map((incident) => (
        <IncidentPanel
          key={incident.id}
          incident={incident}
          state={STATUS_OF_IMPACT[incident.impact]}
          affected={affectedBy(incident, page)}
          reading={reading}
        />
      ))}
      {recent.slice(0, MAX_RESOLVED).map((incident) => (
        <Resolved key={incident.id} incident={incident} reading={reading} />
      ))}
    </section>
  );
}

function affectedBy({ affectedServiceIds, impacts }: ShownIncident, { services }: SelectedPage): AffectedService[] {
  return services
    .filter(({ id }) => affectedServiceIds.includes(id))
    .map(({ id, name, status }) => ({ id, name, state: impacts[id] ?? status }));
}

const HOUR = 3_600_000;

function justResolved({ past }: SelectedPage, now: string): ShownIncident[] {
  return past.flatMap((entry) => {
    const isRecent = entry.kind === 'incident' && Date.parse(now) - Date.parse(entry.resolvedAt ?? '') < HOUR;
    return isRecent ? [entry] : [];
  });
}

function Resolved({ incident, reading }: { readonly incident: ShownIncident; readonly reading: Reading }) {
  const { words, formats } = reading;
  const { id, title, startedAt, resolvedAt } = incident;
  const lasted = (Date.parse(resolvedAt ?? startedAt) - Date.parse(startedAt)) / 1_000;
  return (
    <article class="panel resolved" id={`incident-${id}`}>
      <Glyph of="operational" isColoured />
      <h3 lang={textLanguage(incident, 'title', reading)}>
        <a href={entityPage(reading, 'incidents', id)}>{title}</a>
      </h3>
      <p>
        {words.incident.resolvedAfter(formats.duration(lasted))}
        {resolvedAt !== null && !reading.past && <span class="ticking" data-ago={resolvedAt} />}
      </p>
    </article>
  );
}

const DAY = 86_400_000;

function Past({ page, names, reading }: Part & { readonly names: NamesOfServices }) {
  const { words } = reading;
  const { past, settings, to, incidents, maintenances } = page;
  const ongoing = [...incidents, ...maintenances].flatMap(({ startedAt }) => startedAt ?? []);
  const last = dateOf(to, reading);
  const shown = past.slice(0, MAX_PAST);
  const first = new Date(Date.parse(last) - (settings.historyDays - 1) * DAY).toISOString().slice(0, 10);
  // Of days that are not told, nothing is said either.
  const from = shown.length < past.length ? lastDateOf(shown, reading) : first;
  return (
    <section aria-labelledby="past">
      <div class="heading">
        <h2 id="past">{words.page.past(settings.historyDays)}</h2>
        <a href={pageOf(reading, 'history')}>{words.page.wholeHistory}</a>
      </div>
      {past.length + ongoing.length === 0 ? (
        <p class="quiet">{words.page.nothingHappened(settings.historyDays)}</p>
      ) : (
        <PastDays entries={shown} ongoing={ongoing} from={from} to={last} names={names} reading={reading} />
      )}
    </section>
  );
}

/** The moments at which time alone changes what the page shows. */
export function momentsOfStatus({ page: { past, settings, incidents, maintenances } }: View<'status'>): string[] {
  const resolved = past.flatMap((entry) =>
    entry.kind === 'incident' && entry.resolvedAt !== null ? [entry.resolvedAt] : [],
  );
  return [
    ...resolved.map((at) => new Date(Date.parse(at) + HOUR).toISOString()),
    ...incidents.flatMap(({ nextUpdateBy }) => nextUpdateBy ?? []),
    ...maintenances.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]),
    ...(settings.notice?.until === undefined ? [] : [settings.notice.until]),
  ];
}
