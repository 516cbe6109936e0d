// The rows of the calendar of maintenance, of an organisation and of each of its services.
import { findPage } from '../../../projections/pages.ts';
import { selectCalendarView } from '../../../projections/selectors/calendar-view.ts';
import type { Route } from '../../http/route.ts';
import { LANGUAGES, languageOf, wordsOf } from '../../text/words/languages.ts';
import { CALENDAR_TYPE, calendarOf } from '../calendar/calendar.ts';
import type { OrganizationFile } from '../reply/organization-file.ts';
import type { PageParts } from '../reply/page-reply.ts';
import { organizationFileRows, serviceFileRow } from './file-rows.ts';

export function calendarRows(parts: PageParts): Route[] {
  const { models, origin, now } = parts;
  const file: OrganizationFile = {
    name: 'maintenance.ics',
    mediaType: CALENDAR_TYPE,
    make({ viewer, organizationId, serviceId: service, path }) {
      const { locale } = findPage(models.current.pages, organizationId);
      const asked = { organizationId, language: locale, service };
      const view = selectCalendarView(models.current, viewer, asked, now().toISOString());
      if (!view) return undefined;
      const words = wordsOf(languageOf(locale) ?? LANGUAGES[0]);
      return { body: calendarOf(view, { origin: origin(), path, words }), validUntil: view.validUntil };
    },
  };
  const row = {
    file,
    operationId: 'getCalendar',
    summary: 'Maintenance as a calendar (iCalendar)',
    success: {
      status: 200,
      description: 'The calendar',
      mediaType: CALENDAR_TYPE,
      example: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…\r\nEND:VCALENDAR',
      tagged: true,
    },
  } as const;
  return [...organizationFileRows(row, parts), serviceFileRow(row, parts)];
}
