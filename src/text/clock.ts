// What the clocks and calendars of a time zone show at an instant, in the words of a language.

/** `day` and `year` in digits, `hour` and `minute` in two. */
export interface ClockParts {
  readonly weekday: string;
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly hour: string;
  readonly minute: string;
}

/** Instants are RFC 3339. */
export interface Clock {
  /** Weekday and month in full. */
  long(instant: string): ClockParts;
  /** Weekday and month in short. */
  short(instant: string): ClockParts;
  /** "CET", or "UTC+1" where the language has no name for the zone. */
  zoneName(instant: string): string;
}

export function clockOf(locale: string, timeZone: string): Clock {
  const named = once(() => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }));
  return {
    long: partsBy(locale, timeZone, 'long'),
    short: partsBy(locale, timeZone, 'short'),
    zoneName: (instant) => {
      const part = named()
        .formatToParts(new Date(instant))
        .find(({ type }) => type === 'timeZoneName');
      return (part?.value ?? timeZone).replace(/^GMT(?=[+-])/, 'UTC').replace('-', '\u2212');
    },
  };
}

function partsBy(locale: string, timeZone: string, width: 'long' | 'short'): Clock['long'] {
  const digits = { day: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  const formatter = once(
    () => new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', weekday: width, month: width, ...digits }),
  );
  return (instant) => {
    const parts: Record<string, string> = {};
    for (const { type, value } of formatter().formatToParts(new Date(instant))) parts[type] = value;
    const { weekday = '', day = '', month = '', year = '', hour = '', minute = '' } = parts;
    return { weekday, day, month, year, hour, minute };
  };
}

/** Many clocks are asked for one kind of parts only. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
