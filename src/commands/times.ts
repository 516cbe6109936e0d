// Times as clients and people write them: RFC 3339 with any offset, and dates. The only parser of times.
import * as z from 'zod';

const RFC_3339 = z.iso.datetime({ offset: true });

/** What is right: the answer to everything that is not a time. */
export const TIME_RULE = 'must be a time with an offset, like 2026-03-01T10:00:00Z';

/**
 * The time in UTC with milliseconds: in that form times compare as strings. `undefined` if the text is no such time.
 * `t` and `z` may be written in lower case, as RFC 3339 allows.
 */
export function parseTime(text: string): string | undefined {
  const written = text.toUpperCase();
  if (!RFC_3339.safeParse(written).success) return undefined;
  const time = new Date(written).toISOString();
  // An offset can lead out of the four-digit years, where times no longer compare as strings.
  return /^\d{4}-/.test(time) ? time : undefined;
}

/** The same in a query, where a plus that is not encoded arrives as a space. */
export function parseQueryTime(text: string): string | undefined {
  return parseTime(text.replace(/ (?=\d\d:\d\d$)/, '+'));
}

/** A time in a body, normalised. */
export const timeField = timeBy(parseTime);

/** A time in a query, normalised. */
export const queryTimeField = timeBy(parseQueryTime);

/** A time in a query, normalised, or a date as it is. */
export const queryTimeOrDateField = timeBy(
  (text) => (isDate(text) ? text : parseQueryTime(text)),
  `${TIME_RULE}, or a date`,
);

const DATE = z.iso.date();

function isDate(text: string): boolean {
  return DATE.safeParse(text).success;
}

/** A date: `2026-11-27`. */
export const dateField = z.string().refine(isDate, 'must be a date, like 2026-11-27');

function timeBy(parse: (text: string) => string | undefined, rule = TIME_RULE) {
  return z
    .unknown()
    .meta({ type: 'string', format: 'date-time' })
    .transform((sent, { addIssue }): string => {
      const time = typeof sent === 'string' ? parse(sent) : undefined;
      if (time !== undefined) return time;
      addIssue({ code: 'custom', message: rule });
      return z.NEVER;
    });
}
