// The past of a page, a day after the other: what happened, and for how long nothing did.
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { PastEntry } from '../../../projections/selectors/past.ts';
import { parseMarkdown, plainText } from '../../text/markdown.ts';
import { dateOf, entityPage, type Reading } from '../reply/reading.ts';
import { Glyph } from './glyph.tsx';
import { textLanguage } from './text-language.ts';

interface Props {
  /** The latest first. */
  readonly entries: readonly PastEntry[];
  /** RFC 3339: when that began which still goes on. */
  readonly ongoing: readonly string[];
  /** The first and the last date that are shown. */
  readonly from: string;
  readonly to: string;
  readonly reading: Reading;
}

export function PastDays(props: Props) {
  const { reading } = props;
  return (
    <div class="past">
      {stretches(props).map((stretch) => (
        <Stretch key={stretch.to} stretch={stretch} reading={reading} />
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
  reading,
}: {
  readonly stretch: DayStretch;
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
          <PastItem key={entry.id} entry={entry} reading={reading} />
        ))}
      </div>
    </>
  );
}

interface ItemProps {
  readonly entry: PastEntry;
  readonly reading: Reading;
}

/** An entry of the past: title, how it ended, and what it affected. */
function PastItem({ entry, reading }: ItemProps) {
  const isIncident = entry.kind === 'incident';
  const state = isIncident ? stateOf(entry) : 'maintenance';
  const last = entry.updates.at(-1)?.message ?? entry.description;
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
      {isIncident && last !== '' && <p>{plainText(parseMarkdown(last))}</p>}
      <p class="meta">
        {isIncident ? <IncidentMeta entry={entry} reading={reading} /> : maintenanceMeta(entry, reading)}
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

function IncidentMeta({ entry, reading }: { readonly entry: PastIncident; readonly reading: Reading }) {
  const { words, formats } = reading;
  const { startedAt, resolvedAt, updates, postmortem } = entry;
  const lasted = formats.duration((Date.parse(resolvedAt ?? startedAt) - Date.parse(startedAt)) / 1_000);
  const parts = [words.incident.resolvedAfter(lasted), servicesOf(entry, reading), words.past.updates(updates.length)];
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

function maintenanceMeta(entry: PastMaintenance, reading: Reading): string {
  const { words, formats } = reading;
  const { startsAt, endsAt, startedAt, endedAt } = entry;
  const lasted = seconds(startedAt ?? startsAt, endedAt ?? endsAt);
  const told =
    entry.status === 'cancelled'
      ? words.past.cancelled
      : words.maintenance.completedIn(formats.duration(lasted), formats.duration(seconds(startsAt, endsAt)));
  return [told, servicesOf(entry, reading)].filter((part) => part !== '').join(' · ');
}

function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

function servicesOf({ affectedServices }: PastEntry, { words }: Reading): string {
  const [first, ...others] = affectedServices;
  return first === undefined ? '' : words.past.services(first, others.length);
}
