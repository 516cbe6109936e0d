// The past of a page, a day after the other: what happened, and for how long nothing did.
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { PastEntry } from '../../../projections/selectors/past.ts';
import { parseMarkdown, plainText } from '../../text/markdown.ts';
import { dateOf, entityPage, type Reading } from '../reply/reading.ts';
import { Glyph } from './glyph.tsx';
import { type NamesOfServices, namesOf } from './service-names.ts';
import { textLanguage } from './text-language.ts';

interface Props {
  /** The latest first. */
  readonly entries: readonly PastEntry[];
  /** RFC 3339: when that began which still goes on. */
  readonly ongoing: readonly string[];
  /** The first and the last date that are shown. */
  readonly from: string;
  readonly to: string;
  readonly names: NamesOfServices;
  readonly reading: Reading;
}

export function PastDays(props: Props) {
  const { names, reading } = props;
  return (
    <div class="past">
      {stretches(props).map((stretch) => (
        <Stretch key={stretch.to} stretch={stretch} names={names} reading={reading} />
      ))}
    </div>
  );
}

/** A day with entries, or days without any. */
interface DayStretch {
  readonly from: string;
  readonly to: string;
  readonly entries: readonly PastEntry[];
}

const DAY = 86_400_000;

function stretches({ entries, ongoing, from, to, reading }: Props): DayStretch[] {
  const told = entries.map((entry) => ({
    entry,
    from: dateOf(beginOf(entry), reading),
    to: dateOf(endOf(entry), reading),
  }));
  const lasting = [...ongoing.map((began) => ({ from: dateOf(began, reading), to })), ...told];
  const byDate = new Map<string, PastEntry[]>();
  for (const { entry, to: date } of told) {
    const ofDay = byDate.get(date) ?? [];
    byDate.set(date, ofDay);
    ofDay.push(entry);
  }
  const found: DayStretch[] = [];
  for (let day = Date.parse(to); day >= Date.parse(from); day -= DAY) {
    const date = new Date(day).toISOString().slice(0, 10);
    const ofDay = byDate.get(date) ?? [];
    const last = found.at(-1);
    // What went on then is told elsewhere: above, or on the day on which it ended.
    const isQuiet = !lasting.some((each) => each.from <= date && date <= each.to);
    if (ofDay.length === 0 && !isQuiet) continue;
    const isNext = last?.entries.length === 0 && Date.parse(last.from) === day + DAY;
    if (ofDay.length === 0 && last && isNext) found[found.length - 1] = { ...last, from: date };
    else found.push({ from: date, to: date, entries: ofDay });
  }
  return found;
}

/** The date on which the last of these entries ended. */
export function lastDateOf(entries: readonly PastEntry[], reading: Reading): string {
  return dateOf(endOf(entries.at(-1) as PastEntry), reading);
}

function beginOf(entry: PastEntry): string {
  return entry.kind === 'incident' ? entry.startedAt : (entry.startedAt ?? entry.startsAt);
}

function endOf(entry: PastEntry): string {
  return entry.kind === 'incident' ? (entry.resolvedAt ?? entry.startedAt) : (entry.endedAt ?? entry.endsAt);
}

function Stretch({
  stretch: { from, to, entries },
  names,
  reading,
}: {
  readonly stretch: DayStretch;
  readonly names: NamesOfServices;
  readonly reading: Reading;
}) {
  const { words, formats } = reading;
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
  return (
    <>
      <h3>
        {days === 1 ? formats.dayOf(to) : formats.days(from, to)}
        {days > 1 && <span> {words.past.days(days)}</span>}
      </h3>
      <div>
        {entries.length === 0 && <p class="quiet">{words.past.quiet}</p>}
        {entries.map((entry) => (
          <PastItem key={entry.id} entry={entry} names={names} reading={reading} />
        ))}
      </div>
    </>
  );
}

interface ItemProps {
  readonly entry: PastEntry;
  readonly names: NamesOfServices;
  readonly reading: Reading;
}

/** An entry of the past: title, how it ended, and what it affected. */
function PastItem({ entry, names, reading }: ItemProps) {
  const isIncident = entry.kind === 'incident';
  const state = isIncident ? stateOf(entry) : 'maintenance';
  const update = entry.updates.at(-1);
  const last = update?.message ?? entry.description;
  const language = update ? textLanguage(update, 'message', reading) : textLanguage(entry, 'description', reading);
  const services = servicesOf(entry, names, reading);
  return (
    <article class="entry">
      <h4 class={state}>
        <Glyph of={state} />
        <a
          href={entityPage(reading, isIncident ? 'incidents' : 'maintenance', entry.id)}
          lang={textLanguage(entry, 'title', reading)}
        >
          {entry.title}
        </a>
      </h4>
      {isIncident && last !== '' && <p lang={language}>{plainText(parseMarkdown(last))}</p>}
      <p class="meta">
        {isIncident ? (
          <IncidentMeta entry={entry} services={services} reading={reading} />
        ) : (
          maintenanceMeta(entry, services, reading)
        )}
      </p>
    </article>
  );
}

type PastIncident = PastEntry & { readonly kind: 'incident' };
type PastMaintenance = PastEntry & { readonly kind: 'maintenance' };

const STATE_OF_IMPACT: Readonly<Record<PastIncident['impact'], ServiceStatus>> = {
  none: 'operational',
  minor: 'degraded',
  major: 'partial',
  critical: 'major',
};

function stateOf({ impact }: PastIncident): ServiceStatus {
  return STATE_OF_IMPACT[impact];
}

interface MetaProps {
  readonly entry: PastIncident;
  readonly services: string;
  readonly reading: Reading;
}

function IncidentMeta({ entry, services, reading }: MetaProps) {
  const { words, formats } = reading;
  const { startedAt, resolvedAt, updates, postmortem } = entry;
  const lasted = formats.duration((Date.parse(resolvedAt ?? startedAt) - Date.parse(startedAt)) / 1_000);
  const told = updates.length === 0 ? '' : words.past.updates(updates.length);
  const parts = [words.incident.resolvedAfter(lasted), services, told];
  return (
    <>
      {parts.filter((part) => part !== '').join(' · ')}
      {postmortem && (
        <>
          {' · '}
          <a href={`${entityPage(reading, 'incidents', entry.id)}#postmortem`}>{words.incident.postmortem}</a>
        </>
      )}
    </>
  );
}

function maintenanceMeta(entry: PastMaintenance, services: string, reading: Reading): string {
  const { words, formats } = reading;
  const { startsAt, endsAt, startedAt, endedAt } = entry;
  const lasted = seconds(startedAt ?? startsAt, endedAt ?? endsAt);
  const told =
    entry.status === 'cancelled'
      ? words.past.cancelled
      : words.maintenance.completedIn(formats.duration(lasted), formats.duration(seconds(startsAt, endsAt)));
  return [told, services].filter((part) => part !== '').join(' · ');
}

function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

function servicesOf(entry: PastEntry, names: NamesOfServices, { words }: Reading): string {
  const [first, ...others] = namesOf(entry, names);
  return first === undefined ? '' : words.past.services(first, others.length);
}
