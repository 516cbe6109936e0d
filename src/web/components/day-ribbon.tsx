// The ribbon of a day: its hours by the clock of the organisation, with the state of services in each, and in words.
import type { DayRibbon as Ribbon, RibbonSpan } from '../../../projections/selectors/day-ribbon.ts';
import { readingsOf } from '../../../projections/state/zones.ts';
import { type Formats, formatsFor } from '../../text/formats.ts';
import type { Words } from '../../text/words/words.ts';
import { barOf, MARKED_HOURS, markOf } from '../hours.ts';
import { WORST_FIRST } from './day-note.ts';

interface Props {
  readonly ribbon: Ribbon;
  /** Whose day it is (IANA). */
  readonly zone: string;
  /** Whether the page is one of the past, for which no day is today. */
  readonly isPast: boolean;
  readonly words: Words;
}

export function DayRibbon({ ribbon, zone, isPast, words }: Props) {
  const formats = formatsFor(words, zone);
  const { from, to, known, spans } = ribbon;
  const shareOf = (time: string) => (Date.parse(time) - Date.parse(from)) / (Date.parse(to) - Date.parse(from));
  const isOver = known === to;
  const name = words.incident.ribbon.day({
    date: isPast || isOver ? formats.fullDate(from) : null,
    asOf: isOver ? null : formats.time(known),
    place: formats.place,
  });
  return (
    <>
      <p class="small" aria-hidden="true">
        {name}
      </p>
      <svg class="hours" role="img" aria-label={`${name}: ${toldSpans(ribbon, formats, words)}`}>
        {!isOver && <rect {...barOf(shareOf(known), 1, 'later')} />}
        {spans.map(([begin, end, status]) => (
          <rect key={begin} {...barOf(shareOf(begin), shareOf(end), status)} />
        ))}
      </svg>
      <svg class="scale" aria-hidden="true">
        {MARKED_HOURS.map((hour) => (
          <text key={hour} {...markOf(shareOf(instantOf(hour, ribbon, zone)))}>
            {hour}
          </text>
        ))}
      </svg>
    </>
  );
}

/** Clocks that change on this day show an hour earlier or later after its beginning than on others. */
function instantOf(hour: string, { date, from, to }: Ribbon, zone: string): string {
  if (hour === '00') return from;
  return hour === '24' ? to : readingsOf(`${date}T${hour}:00:00`, zone).first.instant;
}

/** How many spans are told one by one. */
const MAX_TOLD = 8;

/** "operational until 08:55, degraded since"; of many spans how long each status lasted. */
function toldSpans({ spans, known, to }: Ribbon, formats: Formats, words: Words): string {
  const { until, since, atLast, allDay, soFar } = words.incident.ribbon;
  if (spans.length > MAX_TOLD) return words.services.day(lastedIn(spans, formats), null);
  const [whole, last] = known === to ? [allDay, atLast] : [soFar, since];
  return spans
    .map(([, end, status], index) => {
      if (index < spans.length - 1) return until(status, formats.time(end));
      return index === 0 ? whole(status) : last(status);
    })
    .join(', ');
}

function lastedIn(spans: readonly RibbonSpan[], formats: Formats) {
  const seconds = new Map<RibbonSpan[2], number>();
  for (const [from, to, status] of spans) {
    seconds.set(status, (seconds.get(status) ?? 0) + (Date.parse(to) - Date.parse(from)) / 1_000);
  }
  return WORST_FIRST.flatMap((status) => {
    const lasted = seconds.get(status);
    return lasted === undefined ? [] : [{ status, duration: formats.duration(lasted) }];
  });
}
