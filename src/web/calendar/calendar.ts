// The maintenance of an organisation as a calendar (iCalendar, RFC 5545).
import createCalendar, { ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from 'ical-generator';
import { isOver } from '../../../projections/maintenance.ts';
import type { CalendarEntry, CalendarView } from '../../../projections/selectors/calendar-view.ts';
import { allowedInXml } from '../../text/allowed-text.ts';
import { cutText } from '../../text/cut-text.ts';
import { grammarOf } from '../../text/grammar.ts';
import { parseMarkdown, plainText } from '../../text/markdown.ts';
import type { Words } from '../../text/words/words.ts';
import { pageName } from '../components/page-name.ts';

export const CALENDAR_TYPE = 'text/calendar; charset=utf-8';

/** How often calendars are to ask for it, in seconds. */
const AN_HOUR = 3_600;
/** How much of a description it has, and of the names of services: its page has all of both. */
const [MAX_LETTERS, MAX_NAMES] = [500, 250];

interface CalendarPlace {
  /** Without a trailing slash. */
  readonly origin: string;
  readonly path: string;
  readonly words: Words;
}

/**
 * Each entry is at two moments in UTC: calendars show them by their own clocks, and no change of clocks can move them. Its
 * id is that of the maintenance, which neither another slug nor another origin changes.
 */
export function calendarOf({ frame, service, entries }: CalendarView, { origin, path, words }: CalendarPlace): string {
  const page = pageName(frame.settings.name, words);
  const name = [words.maintenance.heading, service?.name, page].filter((part) => part !== undefined).join(' · ');
  const calendar = createCalendar({
    name: escaped(allowedInXml(name)),
    prodId: { company: 'Plive', product: 'Plive', language: words.language.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
    source: origin + path,
    ttl: AN_HOUR,
  });
  for (const entry of entries) {
    calendar.createEvent({
      id: entry.id,
      sequence: entry.revision,
      start: new Date(entry.startsAt),
      end: new Date(entry.endsAt),
      summary: allowedInXml(entry.title),
      description: allowedInXml(descriptionOf(entry, words)),
      status: entry.status === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      // Work on a service takes nobody's time.
      transparency: ICalEventTransparency.TRANSPARENT,
      url: `${origin}/maintenance/${entry.id}`,
      stamp: new Date(entry.updatedAt),
      created: new Date(entry.createdAt),
      lastModified: new Date(entry.updatedAt),
    });
  }
  return calendar.toString();
}

function descriptionOf({ status, services, description }: CalendarEntry, words: Words): string {
  const { maintenance } = words;
  const { list } = grammarOf(words.locale);
  const parts = [
    isOver({ status }) ? maintenance.states[status] : '',
    services.length === 0 ? '' : cutText(`${maintenance.affected}: ${list(services)}`, MAX_NAMES),
    // Cut before it is parsed, which takes long for some texts.
    plainText(parseMarkdown(cutText(description, MAX_LETTERS))),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The library escapes the texts of entries, but not the name of the calendar. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&');
}
