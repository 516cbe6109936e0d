// The ribbon of a day: its hours by the clock of the organisation, with the state of services in each, and in words.
import type { DayRibbon as Ribbon } from '../../../projections/selectors/day-ribbon.ts';
import { type Formats, formatsFor } from '../../text/formats.ts';
import type { Words } from '../../text/words/words.ts';
import { hourBars, hourMarks, lastedIn } from '../hours.ts';
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
  const { from, to, known } = ribbon;
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
        {hourBars(ribbon).map((bar) => (
          <rect key={bar.x} {...bar} />
        ))}
      </svg>
      <svg class="scale" aria-hidden="true">
        {hourMarks(ribbon, zone).map(({ hour, place }) => (
          <text key={hour} {...place}>
            {hour}
          </text>
        ))}
      </svg>
    </>
  );
}

/** How many spans are told one by one. */
const MAX_TOLD = 8;

/** "operational until 08:55, degraded since"; of many spans how long each status lasted. */
function toldSpans({ spans, known, to }: Ribbon, formats: Formats, words: Words): string {
  const { until, since, atLast, allDay, soFar } = words.incident.ribbon;
  if (spans.length > MAX_TOLD) return words.services.day(partsOf(lastedIn(spans), formats), null);
  const [whole, last] = known === to ? [allDay, atLast] : [soFar, since];
  return spans
    .map(([, end, status], index) => {
      if (index < spans.length - 1) return until(status, formats.time(end));
      return index === 0 ? whole(status) : last(status);
    })
    .join(', ');
}

function partsOf(seconds: ReturnType<typeof lastedIn>, formats: Formats) {
  return WORST_FIRST.flatMap((status) => {
    const lasted = seconds.get(status);
    return lasted === undefined ? [] : [{ status, duration: formats.duration(lasted) }];
  });
}
