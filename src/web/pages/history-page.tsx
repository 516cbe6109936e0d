// A page of history: what began in each of three months, and the way to those before and after.
import type { HistoryItem, HistoryMonth } from '../../../projections/selectors/history-view.ts';
import { monthAfter } from '../../../projections/selectors/months.ts';
import type { View } from '../../read-models/views.ts';
import { Glyph } from '../components/glyph.tsx';
import { Subpage } from '../components/subpage.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { dateOf, entityPage, type Reading } from '../reply/reading.ts';

type HistoryView = View<'history'>;

interface Part {
  readonly view: HistoryView;
  readonly reading: Reading;
}

export function HistoryPage({ view, reading, until }: PageProps<HistoryView>) {
  const { words, formats } = reading;
  const { frame, months, begins, older } = view;
  return (
    <Subpage
      frame={frame}
      reading={reading}
      title={words.history.heading}
      description={words.history.heading}
      heading={words.history.heading}
      hasPast
      until={until}
      kind="history-page"
    >
      <Filter view={view} reading={reading} />
      {hasNoMatch(view) && (
        <p class="panel empty">
          {words.history.noMatch}{' '}
          <a href={addressOf(view, reading, { service: null, kind: null })}>{words.history.clear}</a>
        </p>
      )}
      {months.map((month) => (
        <Month key={month.month} month={month} reading={reading} />
      ))}
      {begins !== null && older === null && <p class="quiet">{words.history.begins(formats.fullDate(begins))}</p>}
      <Pager view={view} reading={reading} />
    </Subpage>
  );
}

/** What the address of a page of history says. */
type Asked = HistoryView['asked'];

function addressOf({ asked }: HistoryView, { path, past }: Reading, change: Partial<Asked>): string {
  const query = new URLSearchParams(past?.query ?? '');
  for (const [name, value] of Object.entries({ ...asked, ...change })) if (value !== null) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query}`;
}

function hasNoMatch({ asked, months }: HistoryView): boolean {
  return (asked.service !== null || asked.kind !== null) && months.every(({ entries }) => entries.length === 0);
}

function Filter({ view, reading }: Part) {
  const { words, path, past } = reading;
  const { asked, services } = view;
  const carried = [
    ...new URLSearchParams(past?.query ?? ''),
    ...(asked.before === null ? [] : [['before', asked.before]]),
  ];
  return (
    <form class="filter-form" method="get" action={path} aria-label={words.history.filter}>
      {carried.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label>
        <span>{words.history.service}</span>{' '}
        <select name="service">
          <option value="">{words.history.allServices}</option>
          {services.map(({ id, name }) => (
            <option key={id} value={id} selected={id === asked.service}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.history.kinds}</span>{' '}
        <select name="kind">
          <option value="">{words.history.allKinds}</option>
          <option value="incidents" selected={asked.kind === 'incidents'}>
            {words.history.incidents}
          </option>
          <option value="maintenance" selected={asked.kind === 'maintenance'}>
            {words.history.maintenance}
          </option>
        </select>
      </label>
      <button class="button" type="submit">
        {words.history.apply}
      </button>
    </form>
  );
}

function Month({ month, reading }: { readonly month: HistoryMonth; readonly reading: Reading }) {
  const { words, formats } = reading;
  const { incidents, maintenances, entries } = month;
  const id = `m-${month.month}`;
  const more = incidents + maintenances - entries.length;
  return (
    <section aria-labelledby={id}>
      <div class="heading">
        <h2 id={id}>{formats.month(month.month)}</h2>
        {entries.length > 0 && <p>{words.history.counts(incidents, maintenances)}</p>}
      </div>
      {entries.length === 0 ? (
        <p class="quiet">{words.history.nothingIn(formats.month(month.month))}</p>
      ) : (
        <ul class="panel entries">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} reading={reading} />
          ))}
        </ul>
      )}
      {more > 0 && <p class="quiet">{words.history.more(more)}</p>}
    </section>
  );
}

function Entry({ entry, reading }: { readonly entry: HistoryItem; readonly reading: Reading }) {
  const { words, formats } = reading;
  const { id, title, from, to, services, updates } = entry;
  const state = entry.kind === 'incident' ? entry.worst : 'maintenance';
  const address = entityPage(reading, entry.kind === 'incident' ? 'incidents' : 'maintenance', id);
  const [first, ...others] = services;
  const isOpen = to === null && entry.kind === 'incident';
  const lasted = to === null ? '' : formats.duration((Date.parse(to) - Date.parse(from)) / 1_000);
  return (
    <li class="item">
      <span class="when">{formats.shortDayOf(dateOf(from, reading))}</span>
      <span class={`what ${state}`}>
        <Glyph of={state} />
        <a href={address}>{title}</a>
        <span class="hidden">, {state === 'operational' ? words.incident.information : words.status[state]}</span>
      </span>
      <span class="lasted">{isOpen ? words.past.ongoing : lasted}</span>
      <span class="of">{first && words.past.services(first.name, others.length)}</span>
      <span class="more">
        {entry.kind === 'incident' && entry.hasPostmortem ? (
          <a href={`${address}#postmortem`}>{words.incident.postmortem}</a>
        ) : (
          outcomeOf(entry, updates, reading)
        )}
      </span>
    </li>
  );
}

/** An incident by how many updates it has, a maintenance by its state. */
function outcomeOf(entry: HistoryItem, updates: number, { words }: Reading): string {
  if (entry.kind === 'maintenance') return words.maintenance.states[entry.status];
  return updates === 0 ? '' : words.past.updates(updates);
}

function Pager({ view, reading }: Part) {
  const { words, formats } = reading;
  const { older, newer, asked } = view;
  if (older === null && newer === null) return null;
  return (
    <nav class="pager" aria-label={words.history.months}>
      {older !== null && (
        <a rel="prev" href={addressOf(view, reading, { before: older })}>
          <span aria-hidden="true">← </span>
          {words.history.older(formats.month(monthAfter(older, -1)))}
        </a>
      )}
      {newer !== null && asked.before !== null && (
        <a rel="next" href={addressOf(view, reading, { before: newer.before })}>
          {words.history.newer(formats.month(asked.before))}
          <span aria-hidden="true"> →</span>
        </a>
      )}
    </nav>
  );
}
