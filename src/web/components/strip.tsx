// The strip of a service: its days side by side, the worse a day the taller its bar.
import type { DayException } from '../../../projections/selectors/days.ts';
import { entityPage, type Reading } from '../reply/reading.ts';
import { noteOf, WORST_FIRST } from './day-note.ts';

interface Drawn {
  readonly id: string;
  readonly name: string;
  readonly days: string;
  readonly exceptions: readonly DayException[];
  readonly uptime90: number | null;
  /** RFC 3339: from when on it counts. */
  readonly startDate: string;
}

interface Props {
  readonly service: Drawn;
  /** The date of the last day. */
  readonly lastDay: string;
  /** Titles of the incidents and maintenances that its days name, by id. */
  readonly titles: Readonly<Record<string, string>>;
  readonly reading: Reading;
}

export function Strip({ service, lastDay, titles, reading }: Props) {
  const first = firstDay(service, lastDay);
  return (
    <div
      class="strip"
      data-strip
      data-last={lastDay}
      data-since={Date.parse(service.startDate) > first - DAY ? service.startDate : undefined}
      data-name={service.name}
      data-service={entityPage(reading, 'services', service.id)}
      data-days={JSON.stringify(dayNotes(service, first, { titles, reading }))}
    >
      <Days letters={service.days} />
      <span class="hidden">{summaryOf(service, reading)}</span>
    </div>
  );
}

/** The bars alone. The letters are those of the days, and of nothing else: o m d p x n. */
export function Days({ letters }: { readonly letters: string }) {
  return <div class="days" aria-hidden="true" dir="ltr" dangerouslySetInnerHTML={{ __html: bars(letters) }} />;
}

function bars(letters: string): string {
  let html = '';
  for (const letter of letters) html += BARS[letter] ?? '';
  return html;
}

/** An operational day has no class: most days are. */
const BARS: Readonly<Record<string, string>> = {
  o: '<i></i>',
  m: '<i class="m"></i>',
  d: '<i class="d"></i>',
  p: '<i class="p"></i>',
  x: '<i class="x"></i>',
  n: '<i class="n"></i>',
};

/** The newest days with trouble that are told one by one. */
const TOLD = 3;

/** What the strip says to those who do not see it. */
function summaryOf({ name, days, exceptions, uptime90 }: Drawn, { words, formats }: Reading): string {
  const bad = exceptions.filter(({ uptime, spans }) => uptime !== null && spans.length > 0);
  const troubles = bad.slice(-TOLD).map(({ date, seconds }) => {
    const status = WORST_FIRST.find((each) => seconds[each] > 0) ?? 'operational';
    return words.services.trouble(formats.shortDayOf(date), status, formats.duration(seconds[status]));
  });
  const more = bad.length > TOLD ? [words.services.moreTroubles(bad.length - TOLD)] : [];
  const uptime = uptime90 === null ? null : formats.percent(uptime90);
  return words.services.summary({ name, days: days.length, uptime, troubles: [...troubles, ...more] });
}

interface Notes {
  readonly titles: Props['titles'];
  readonly reading: Reading;
}

const DAY = 86_400_000;

/** Milliseconds since the epoch: when the first day of the strip begins in UTC. */
function firstDay({ days }: Drawn, lastDay: string): number {
  return Date.parse(lastDay) - (days.length - 1) * DAY;
}

/** What the script tells of the days that are worth it: place of the day, what it was, its spans, what it links to. */
function dayNotes({ exceptions }: Drawn, first: number, { titles, reading }: Notes) {
  return exceptions.map((day) => {
    const link = (kind: 'incidents' | 'maintenance') => (id: string) =>
      titles[id] === undefined ? [] : [[entityPage(reading, kind, id), titles[id]]];
    const links = [...day.incidents.flatMap(link('incidents')), ...day.maintenances.flatMap(link('maintenance'))];
    const { text, spans, uptime } = noteOf(day, reading);
    return [(Date.parse(day.date) - first) / DAY, text, spans, links, uptime];
  });
}
