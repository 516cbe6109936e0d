// The page of a service: how it is and since when, its uptime, its strip, and the days with trouble as a table.
import { Fragment } from 'preact';
import type { ToldCorrection } from '../../../projections/selectors/corrections.ts';
import type { Cause } from '../../../projections/selectors/service-view.ts';
import type { TroubleRow } from '../../../projections/selectors/trouble.ts';
import type { View } from '../../read-models/views.ts';
import { Answer } from '../components/answer.tsx';
import { Dotted } from '../components/dotted.tsx';
import { Filled } from '../components/filled.tsx';
import { Glyph } from '../components/glyph.tsx';
import { Moment } from '../components/moment.tsx';
import { Strip } from '../components/strip.tsx';
import { Subpage } from '../components/subpage.tsx';
import { textLanguage } from '../components/text-language.ts';
import type { PageProps } from '../reply/page-reply.ts';
import { dateOf, entityPage, pageOf, type Reading, subscribePage } from '../reply/reading.ts';

type ServiceView = View<'service'>;

interface Part {
  readonly view: ServiceView;
  readonly reading: Reading;
}

export function ServicePage({ view, reading, until }: PageProps<ServiceView>) {
  const { words } = reading;
  const { service, frame } = view;
  return (
    <Subpage
      frame={frame}
      reading={reading}
      title={service.name}
      description={[words.status[service.status], service.description].filter((text) => text !== '').join('. ')}
      state={service.status}
      service={service.id}
      top={<Top view={view} reading={reading} />}
      hasPast
      until={until}
      kind="service-page"
    >
      {view.figures.length > 0 && <Figures view={view} reading={reading} />}
      <Troubles view={view} reading={reading} />
      {view.corrections.length > 0 && <Corrections view={view} reading={reading} />}
    </Subpage>
  );
}

function Top({ view: { service, since, group }, reading }: Part) {
  const { words, formats } = reading;
  return (
    <Answer
      state={service.status}
      headline={service.name}
      lang={textLanguage(service, 'name', reading)}
      detail={
        service.description && <span lang={textLanguage(service, 'description', reading)}>{service.description}</span>
      }
      reading={reading}
    >
      <span>
        <Filled
          template={words.service.stateSince(service.status)}
          with={{ moment: <Moment at={since} as="moment" reading={reading} /> }}
        />
      </span>
      {group && (
        <span>
          {words.service.group}: {group.name}
        </span>
      )}
      <span>
        <Filled template={words.service.listedSince} with={{ date: formats.fullDate(service.startDate) }} />
      </span>
      <a href={subscribePage(reading, service.id)}>{words.frame.follow}</a>
    </Answer>
  );
}

/** The uptime of three windows, and the strip of ninety days. */
function Figures({ view, reading }: Part) {
  const { words, formats } = reading;
  const { service, figures, days, exceptions, to, causes } = view;
  const uptime90 = figures.find((figure) => figure.days === days.length)?.uptime ?? null;
  const titles = Object.fromEntries(Object.entries(causes).map(([id, { title }]) => [id, title]));
  const last = dateOf(to, reading);
  return (
    <section class="panel figures" aria-labelledby="uptime">
      <h2 class="hidden" id="uptime">
        {words.services.columns.uptime}
      </h2>
      <dl>
        {figures.map((figure) => (
          <div key={figure.days}>
            <dt>{words.service.lastDays(figure.days)}</dt>
            <dd>{figure.uptime === null ? words.services.unknown : formats.percent(figure.uptime)}</dd>
          </div>
        ))}
      </dl>
      <Strip
        service={{ id: service.id, name: service.name, startDate: service.startDate, days, exceptions, uptime90 }}
        lastDay={last}
        titles={titles}
        reading={reading}
      />
      <p class="ends" aria-hidden="true">
        <span class="range">
          <span>{formats.shortDate(view.from)}</span>
          <span class="sixty">{formats.shortDayOf(daysBefore(last, 59))}</span>
          <span class="thirty">{formats.shortDayOf(daysBefore(last, 29))}</span>
        </span>
        <span>{formats.shortDate(to)}</span>
      </p>
      <p class="small">
        {view.reportedUptime !== null && `${words.service.reported(formats.percent(view.reportedUptime))} `}
        <a href={pageOf(reading, 'uptime')}>{words.services.howCounted}</a>
      </p>
    </section>
  );
}

const DAY = 86_400_000;

function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY).toISOString().slice(0, 10);
}

function Troubles({ view, reading }: Part) {
  const { words, formats, path, past } = reading;
  const { rows, month, older, newer } = view;
  const address = (of: string | null) => {
    const query = new URLSearchParams(past?.query ?? '');
    if (of !== null) query.set('month', of);
    return `${path}${query.size > 0 ? `?${query}` : ''}#troubles`;
  };
  return (
    <section aria-labelledby="troubles">
      <div class="heading">
        <h2 id="troubles">
          {month === null ? words.service.troubles : words.service.troublesIn(formats.month(month))}
        </h2>
        {rows.length > 0 && (
          <p>
            {words.frame.timesIn} {formats.place}
          </p>
        )}
      </div>
      {rows.length === 0 ? (
        <p class="panel empty">{emptyText(view, reading)}</p>
      ) : (
        <Table view={view} reading={reading} />
      )}
      {(older !== null || month !== null) && (
        <nav class="pager" aria-label={words.history.months}>
          {older !== null && (
            <a rel="prev" href={address(older)}>
              {words.history.older(formats.month(older))}
            </a>
          )}
          {newer !== null && (
            <a rel="next" href={address(newer)}>
              {formats.month(newer)}
            </a>
          )}
          {month !== null && <a href={address(null)}>{words.service.troubles}</a>}
        </nav>
      )}
    </section>
  );
}

function emptyText({ service, month, to }: ServiceView, reading: Reading): string {
  const { words, formats } = reading;
  if (month !== null) return words.history.nothingIn(formats.month(month));
  const isNew = dateOf(service.startDate, reading) === dateOf(to, reading);
  return isNew ? words.service.noHistory : words.service.noTroubles;
}

function Table({ view, reading }: Part) {
  const { words } = reading;
  const { columns } = words.service;
  return (
    <div class="panel">
      <table class="troubles">
        <caption class="hidden">{words.service.troubles}</caption>
        <thead>
          <tr>
            {(['date', 'from', 'to', 'state', 'lasted', 'uptime', 'why'] as const).map((column) => (
              <th key={column} scope="col" class={`c-${column}`}>
                {columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        {byDate(view.rows).map((rows) => (
          <Day key={rows[0]?.date} rows={rows} view={view} reading={reading} />
        ))}
      </table>
    </div>
  );
}

/** The rows of each day, which follow each other. */
function byDate(rows: readonly TroubleRow[]): TroubleRow[][] {
  const days: TroubleRow[][] = [];
  for (const row of rows) {
    const last = days.at(-1);
    if (last?.[0]?.date === row.date) last.push(row);
    else days.push([row]);
  }
  return days;
}

function Day({ rows, view, reading }: Part & { readonly rows: readonly TroubleRow[] }) {
  const { formats } = reading;
  const [first] = rows;
  if (!first) return null;
  const { date, uptime } = first;
  return (
    <tbody id={`day-${date}`}>
      {rows.map((row, index) => (
        <tr key={row.from}>
          {index === 0 && (
            <th scope="rowgroup" rowSpan={rows.length} class="c-date">
              {formats.fullDayOf(date)}
            </th>
          )}
          <Span row={row} reading={reading} />
          {index === 0 && (
            <td rowSpan={rows.length} class="c-uptime">
              {uptime !== null && formats.percent(uptime)}
            </td>
          )}
          <td class="c-why">
            <Why row={row} view={view} reading={reading} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

/** By the clock of the organisation, as the day is one of it. */
function Span({
  row: { from, to, status, seconds },
  reading,
}: {
  readonly row: TroubleRow;
  readonly reading: Reading;
}) {
  const { words, formats } = reading;
  return (
    <>
      <td class="c-from">
        <time datetime={from}>{formats.time(from)}</time>
      </td>
      <td class="c-to">
        {to === null ? words.service.goingOn : <time datetime={to}>{endOf(from, to, reading)}</time>}
      </td>
      <td class="c-state">
        <span class={`told ${status}`}>
          <Glyph of={status} />
          {words.status[status]}
        </span>
      </td>
      <td class="c-lasted">{seconds === null ? '–' : formats.duration(seconds)}</td>
    </>
  );
}

/** The end of a day is not the beginning of the next one. */
function endOf(from: string, to: string, reading: Reading): string {
  return dateOf(from, reading) === dateOf(to, reading) ? reading.formats.time(to) : '24:00';
}

function Why({ row, view: { causes }, reading }: Part & { readonly row: TroubleRow }) {
  const named = [...row.incidents, ...row.maintenances].flatMap((id) => {
    const cause = causes[id];
    return cause ? [{ id, ...cause }] : [];
  });
  return (
    <>
      {named.map(({ id, kind, title }, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <a href={entityPage(reading, FOLDERS[kind], id)}>{title}</a>
        </Fragment>
      ))}
    </>
  );
}

const FOLDERS: Readonly<Record<Cause['kind'], 'incidents' | 'maintenance'>> = {
  incident: 'incidents',
  maintenance: 'maintenance',
};

function Corrections({ view: { corrections }, reading }: Part) {
  const { words } = reading;
  return (
    <section aria-labelledby="corrections">
      <div class="heading">
        <h2 id="corrections">{words.service.corrections}</h2>
      </div>
      <ul class="corrections">
        {corrections.map((correction) => (
          <Correction key={correction.id} correction={correction} reading={reading} />
        ))}
      </ul>
    </section>
  );
}

function Correction({ correction, reading }: { readonly correction: ToldCorrection; readonly reading: Reading }) {
  const { words, formats } = reading;
  const { from, to, status, reason, before, days, position } = correction;
  const inWords = (uptime: number | null) => (uptime === null ? null : formats.percent(uptime));
  const changed = days.filter((day) => day.before !== day.after);
  return (
    <li>
      {words.service.correction({ range: formats.range(from, to), before, status })}
      {reason !== '' && <p>{reason}</p>}
      <span class="small">
        <Dotted
          facts={[
            ...changed.map((day) =>
              words.service.changedDay({
                date: formats.shortDayOf(day.date),
                before: inWords(day.before),
                after: inWords(day.after),
              }),
            ),
            words.incident.records(position, position),
          ]}
        />
      </span>
    </li>
  );
}
