// All that pages say: what each language has words for. What a text needs stands in its parameters; where elements stand
// within a text, as a link or a moment, it is a template, whose {placeholders} the comment beside it names.
import type { ExportProblem } from '../../../projections/chain/problems.ts';
import type { IncidentStatus, MaintenanceStatus, ServiceStatus } from '../../../projections/events/severity.ts';
import type { UptimePolicy } from '../../../projections/uptime/policies.ts';
import type { PluralText } from '../grammar.ts';

/** A text with placeholders: see `fill`. */
export type TextTemplate = string;

/** `none`: no data. */
export type DayStatus = ServiceStatus | 'none';

/** `null`: several statuses. */
export type CommonStatus = ServiceStatus | null;

export interface Words {
  /** BCP 47, as in the `lang` of a page. */
  readonly language: string;
  /** What Intl formats by. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** In the language itself. */
  readonly name: string;
  readonly format: FormatWords;
  /** The states of services, as labels and within a sentence. */
  readonly status: Readonly<Record<DayStatus, string>>;
  readonly statusWithin: Readonly<Record<DayStatus, string>>;
  readonly headline: HeadlinePhrases;
  readonly frame: FrameWords;
  readonly page: PageWords;
  readonly services: ServicesWords;
  readonly incident: IncidentWords;
  readonly maintenance: MaintenanceWords;
  readonly past: PastWords;
  readonly subscribe: SubscribeWords;
  readonly history: HistoryWords;
  readonly service: ServiceWords;
  readonly uptime: UptimeWords;
  readonly verify: VerifyWords;
  readonly moment: MomentWords;
  readonly wall: WallWords;
  /** What other sites show in a frame. */
  readonly embed: {
    /** In place of the headline, where there is nothing to show, and why. */
    readonly missing: string;
    readonly why: string;
    /** The link to the page. */
    readonly whole: string;
  };
  readonly badge: {
    /** In place of a status, of what is not there. */
    readonly unknown: string;
  };
  readonly problem: ProblemWords;
  readonly script: ScriptWords;
}

/** How dates and times are put together. Weekdays and months are named by Intl. */
export interface FormatWords {
  /** {weekday} {day} {month}, of which weekday and month are short or long */
  readonly date: TextTemplate;
  /** {day} {month} */
  readonly shortDate: TextTemplate;
  /** {day} {month} {year} */
  readonly fullDate: TextTemplate;
  /** {date} {time} */
  readonly moment: TextTemplate;
  /** {day}, where the month follows later */
  readonly day: TextTemplate;
  /** {from} {to}: days */
  readonly days: TextTemplate;
  /** {from} {to}: moments, with spaces between */
  readonly range: TextTemplate;
  /** {range} {duration} */
  readonly lasting: TextTemplate;
  readonly duration: DurationWords;
}

/** {n} */
interface DurationWords {
  readonly days: PluralText;
  readonly hours: TextTemplate;
  readonly minutes: TextTemplate;
  readonly seconds: TextTemplate;
}

/** The clauses of a headline. `until` is a moment in words. */
interface HeadlinePhrases {
  readonly nothing: string;
  readonly calm: string;
  calmDetail(total: number): string;
  /** "A and B are degraded". */
  named(names: readonly string[], status: CommonStatus, until?: string): string;
  /** "2 services are degraded". */
  counted(count: number, status: CommonStatus, until?: string): string;
  /** "2 more services are degraded". */
  more(count: number, status: CommonStatus): string;
  /** "Everything is down". */
  all(status: CommonStatus): string;
  readonly planned: string;
  /** "The other 2 services work normally." */
  others(count: number): string;
  readonly reported: string;
  /** "A, B and 3 more." `more` can be 0. */
  listed(names: readonly string[], more: number): string;
  /** "2 services degraded", for titles. */
  short(count: number, status: CommonStatus): string;
}

/** What stands around each page. */
interface FrameWords {
  readonly skip: string;
  /** The name of the navigation, of the links and of the choices in the footer. */
  readonly pages: string;
  readonly links: string;
  readonly choices: string;
  readonly status: string;
  readonly history: string;
  readonly maintenance: string;
  readonly uptime: string;
  readonly api: string;
  readonly calendar: string;
  /** The buttons that lead to what can be subscribed to: of all, and of one thing. */
  readonly getUpdates: string;
  readonly follow: string;
  readonly support: string;
  readonly signIn: string;
  readonly organizations: string;
  readonly language: string;
  readonly theme: string;
  readonly themes: Readonly<Record<'system' | 'light' | 'dark', string>>;
  readonly timesIn: string;
  /** Of the button that applies the choices where no script does. */
  readonly apply: string;
  /** The title of a page: "Acme Cloud status". */
  statusOf(name: string): string;
  /** {address} {moment} */
  readonly printed: TextTemplate;
}

/** The status page, from its answer down to its empty states. */
interface PageWords {
  /** {moment} {place} {utc}: "Sun 29 Nov, 10:42 in Berlin · 09:42 UTC" */
  readonly asOf: TextTemplate;
  /** {moment} */
  readonly lastChange: TextTemplate;
  /** The hidden heading of what goes on. */
  readonly now: string;
  /** The hidden heading of what was resolved within the last hour. */
  readonly resolved: string;
  readonly plans: string;
  readonly allPlans: string;
  readonly wholeHistory: string;
  /** The heading of the past, which is this many days long. */
  past(days: number): string;
  nothingHappened(days: number): string;
  empty(name: string): string;
  /** No public organisation, and none that can be read without signing in. */
  readonly organizations: string;
  readonly noOrganizations: string;
  moreOrganizations(count: number): string;
  readonly setUp: string;
  readonly notice: string;
}

/** The table of services with its strips. */
interface ServicesWords {
  readonly heading: string;
  /** "19 services". */
  total(count: number): string;
  /** {n}: "last {n} days", of which several are written and one is shown */
  readonly lastDays: TextTemplate;
  readonly columns: Readonly<Record<'service' | 'uptime' | 'now', string>>;
  /** "All 4 operational", "2 of 4 degraded". */
  sum(count: number, total: number, status: CommonStatus): string;
  readonly noServices: string;
  readonly ungrouped: string;
  readonly filter: string;
  /** Before the legend, hidden. */
  readonly legend: string;
  readonly howCounted: string;
  /** Hidden, before the figure. */
  readonly uptimeOver: string;
  /** After the figure, where there is no column for it. */
  readonly in90Days: string;
  /** {date} */
  readonly since: TextTemplate;
  readonly unknown: string;
  /** What a strip says to those who cannot see it. `uptime` and the days are in words. */
  summary(strip: { name: string; days: number; uptime: string | null; troubles: readonly string[] }): string;
  /** "17 Sept degraded 38 min". */
  trouble(date: string, status: DayStatus, duration: string): string;
  moreTroubles(days: number): string;
  /** What a day had, without its date: "partly down 18 min, degraded 42 min, 99.62 %". */
  day(parts: readonly { status: DayStatus; duration: string }[], uptime: string | null): string;
}

interface IncidentWords {
  readonly states: Readonly<Record<IncidentStatus, string>>;
  /** Of an incident without any effect. */
  readonly information: string;
  /** Hidden, before the steps. */
  readonly progress: string;
  readonly latest: string;
  earlier(count: number): string;
  readonly affected: string;
  readonly noneAffected: string;
  readonly notAffected: string;
  /** "The other 17 services." */
  others(count: number): string;
  readonly deletedService: string;
  /** {from} {to} */
  readonly fromTo: TextTemplate;
  readonly goingOn: string;
  /** {time} */
  readonly since: TextTemplate;
  readonly nextUpdate: string;
  /** {time} */
  readonly by: TextTemplate;
  readonly wasDue: TextTemplate;
  readonly overdue: string;
  readonly nextBy: TextTemplate;
  readonly noUpdate: string;
  readonly firstReported: string;
  after(duration: string): string;
  /** {moment} {utc} */
  readonly began: TextTemplate;
  reportedAfter(duration: string): string;
  resolvedAfter(duration: string): string;
  /** {time} */
  readonly resolvedAt: TextTemplate;
  readonly reopenedAt: TextTemplate;
  readonly details: string;
  readonly updates: string;
  readonly newestFirst: string;
  readonly oldestFirst: string;
  readonly showNewestFirst: string;
  readonly showOldestFirst: string;
  /** Of an update that changed services and no state. */
  readonly became: string;
  readonly alsoAffected: string;
  /** {time} */
  readonly recordedAt: TextTemplate;
  readonly editedAt: TextTemplate;
  readonly beforeEdit: string;
  readonly removed: string;
  readonly postmortem: string;
  /** {moment} */
  readonly published: TextTemplate;
  readonly copyLink: string;
  readonly linkToUpdate: string;
  /** The positions of its events. */
  records(first: number, last: number): string;
  /** Of the link to the page at the first of them. */
  readonly asItBegan: string;
  /** The name of what stands beside the updates. */
  readonly facts: string;
  readonly ribbon: RibbonWords;
}

/** The hours of a day in words: "Today, as of 10:42 in Berlin: operational until 08:55, degraded since". */
interface RibbonWords {
  /** Without a date it is today; without the time up to which it is told, it is over. */
  day(day: { date: string | null; asOf: string | null; place: string }): string;
  until(status: DayStatus, time: string): string;
  /** The last status: of a day that goes on, and of one that is over. */
  since(status: DayStatus): string;
  atLast(status: DayStatus): string;
  /** The only status: of a day that is over, and of one that goes on. */
  allDay(status: DayStatus): string;
  soFar(status: DayStatus): string;
}

interface MaintenanceWords {
  readonly states: Readonly<Record<MaintenanceStatus, string>>;
  readonly heading: string;
  readonly inProgress: string;
  readonly planned: string;
  readonly none: string;
  readonly now: string;
  readonly details: string;
  /** The planned window, and what it affects. */
  readonly window: string;
  readonly affected: string;
  /** {range}: of work that ends by hand */
  readonly about: TextTemplate;
  /** {time} */
  readonly overrun: TextTemplate;
  elapsed(minutes: number, total: number): string;
  /** The name of the bar of elapsed time. */
  readonly elapsedTime: string;
  completedIn(duration: string, planned: string): string;
  /** {date} */
  readonly cancelledOn: TextTemplate;
  repeats(next: readonly string[]): string;
  readonly addToCalendar: string;
  readonly endsByHand: string;
  /** {moment} */
  readonly startedAt: TextTemplate;
  readonly endedAt: TextTemplate;
  readonly pastLink: string;
  /** Planned ones that are not listed. */
  more(count: number): string;
}

/** What is over, in lists. */
interface PastWords {
  readonly quiet: string;
  days(count: number): string;
  updates(count: number): string;
  /** "Webhooks + 2": the first one and the number of others. */
  services(first: string, more: number): string;
  readonly cancelled: string;
  readonly ongoing: string;
}

interface HistoryWords {
  readonly heading: string;
  readonly filter: string;
  readonly service: string;
  readonly allServices: string;
  readonly kinds: string;
  readonly allKinds: string;
  readonly incidents: string;
  readonly maintenance: string;
  readonly apply: string;
  readonly clear: string;
  readonly noMatch: string;
  counts(incidents: number, maintenances: number): string;
  nothingIn(month: string): string;
  /** Entries of a month that are not listed. */
  more(count: number): string;
  older(month: string): string;
  newer(month: string): string;
  readonly months: string;
  begins(date: string): string;
  readonly newest: string;
}

interface ServiceWords {
  /** {moment} */
  stateSince(status: DayStatus): TextTemplate;
  lastDays(days: number): string;
  /** {date} */
  readonly listedSince: TextTemplate;
  reported(uptime: string): string;
  readonly computed: string;
  readonly troubles: string;
  readonly noTroubles: string;
  readonly noHistory: string;
  readonly columns: Readonly<Record<'date' | 'from' | 'to' | 'state' | 'lasted' | 'uptime' | 'why', string>>;
  readonly goingOn: string;
  readonly older: string;
  readonly newer: string;
  troublesIn(month: string): string;
  readonly corrections: string;
  /** `range` in words; what was counted before, and what is counted now. */
  correction(correction: { range: string; before: DayStatus; status: DayStatus }): string;
  /** Uptimes in words; `null` where there is none. */
  changedDay(change: { date: string; before: string | null; after: string | null }): string;
  readonly group: string;
  readonly strip: string;
}

/** How uptime is counted. */
/** The page of feeds and the calendar. */
interface SubscribeWords {
  readonly heading: string;
  readonly what: string;
  /** The choice between all services and one, and the button that applies it. */
  readonly about: string;
  readonly show: string;
  readonly feeds: string;
  readonly feedsWhat: string;
  /** What each format is for. */
  readonly formats: Readonly<Record<'feed.atom' | 'feed.rss' | 'feed.json', string>>;
  readonly calendarWhat: string;
  readonly open: string;
  /** What other sites can show, and the ways to show it. */
  readonly elsewhere: string;
  readonly elsewhereWhat: string;
  readonly badge: string;
  readonly inFrame: string;
  readonly element: string;
}

interface UptimeWords {
  readonly heading: string;
  readonly what: string;
  days(place: string): string;
  readonly policies: Readonly<Record<UptimePolicy, { readonly name: string; readonly rule: string }>>;
  readonly policyHere: string;
  readonly otherPolicies: string;
  readonly columns: Readonly<Record<'state' | 'counts', string>>;
  /** What a second of a state counts as, in tenths of downtime; `null`: it is left out. */
  weight(tenths: number | null): string;
  readonly rounding: string;
  readonly figures: string;
  /** The row of the mean of all services. */
  readonly allServices: string;
  readonly groups: string;
  readonly noData: string;
  readonly corrections: string;
  readonly mistakes: string;
}

/** The check of the record: what the page says of it, and how every page leads there. */
interface VerifyWords {
  /** {record} {hash} */
  readonly proof: TextTemplate;
  readonly how: string;
  readonly heading: string;
  readonly what: string;
  readonly here: string;
  readonly hereHow: string;
  /** The latest public record, and its hash. */
  readonly latest: string;
  readonly hash: string;
  readonly noted: string;
  /** What the field takes, with an example. */
  readonly notedHint: string;
  readonly check: string;
  readonly byHand: string;
  /** {export} */
  readonly byHandHow: TextTemplate;
  readonly export: string;
  readonly limits: string;
  /** What the check shows, and what it cannot show. */
  readonly shows: readonly string[];
  readonly script: CheckWords;
}

/** What the script says of a check: JSON, without functions. */
export interface CheckWords {
  readonly locale: string;
  readonly check: string;
  readonly again: string;
  readonly stop: string;
  readonly noHead: string;
  /** {records} {position} */
  readonly progress: TextTemplate;
  readonly records: PluralText;
  /** {records} */
  readonly sound: TextTemplate;
  readonly empty: string;
  readonly faulty: PluralText;
  /** {records} */
  readonly stopped: TextTemplate;
  readonly broken: TextTemplate;
  readonly soFar: string;
  /** {seconds} */
  readonly busy: TextTemplate;
  readonly seconds: PluralText;
  readonly refused: string;
  /** {position} {hash} */
  readonly ends: TextTemplate;
  /** {position} */
  readonly headFound: TextTemplate;
  readonly hidden: PluralText;
  readonly blanked: PluralText;
  readonly withheld: PluralText;
  /** {position} {problem} */
  readonly fault: TextTemplate;
  readonly more: PluralText;
  /** With the values of each in braces. */
  readonly problems: Readonly<Record<ExportProblem['name'], TextTemplate>>;
  /** Of a problem that an export does not have. */
  readonly other: string;
}

/** A page of the past, and the way there. */
interface MomentWords {
  /** {moment} {record} */
  readonly bar: TextTemplate;
  readonly earlier: string;
  readonly later: string;
  readonly now: string;
  readonly choose: string;
  timeIn(place: string): string;
  readonly show: string;
}

interface WallWords {
  readonly title: string;
  pageOf(page: number, total: number): string;
}

/** Pages that say what went wrong, by status. */
interface ProblemWords {
  readonly titles: Readonly<Record<400 | 403 | 404 | 410 | 429 | 500 | 503, string>>;
  readonly texts: Readonly<Record<400 | 403 | 404 | 410 | 429 | 500 | 503, string>>;
  /** Of a request that no reader sends by following links. */
  readonly refused: { readonly title: string; readonly text: string };
  readonly toStatus: string;
  readonly signIn: string;
  readonly signInHint: string;
  /** Of what was withdrawn: as it last was. */
  readonly lastSeen: string;
  withdrawnOn(date: string): string;
  /** Where it is not known in how many seconds. */
  readonly tryAgainSoon: string;
  tryAgainIn(seconds: number): string;
  reference(id: string): string;
}

/** What the script of a page says: JSON, without functions. */
export interface ScriptWords {
  readonly locale: string;
  readonly format: FormatWords;
  readonly live: string;
  readonly reconnecting: string;
  readonly outdated: string;
  /** {time} */
  readonly stale: TextTemplate;
  readonly fault: TextTemplate;
  readonly tryAgain: string;
  /** Before the title of a page that is stale. */
  readonly old: string;
  readonly justNow: string;
  readonly ago: { readonly minutes: PluralText; readonly hours: PluralText };
  /** {duration} */
  readonly due: TextTemplate;
  readonly overdue: TextTemplate;
  readonly anyMoment: string;
  readonly changesWhileAway: PluralText;
  /** {text} */
  readonly newAbove: TextTemplate;
  readonly copied: string;
  readonly statuses: Readonly<Record<DayStatus, string>>;
  readonly statusesWithin: Readonly<Record<DayStatus, string>>;
  readonly strip: StripWords;
  readonly zones: ZoneWords;
  readonly filter: { readonly found: PluralText; readonly none: string };
  /** {page} {total} */
  readonly wallPage: TextTemplate;
}

interface StripWords {
  /** {name} */
  readonly label: TextTemplate;
  /** {date} {text} */
  readonly day: TextTemplate;
  readonly today: string;
  /** {status} {from} {to} */
  readonly span: TextTemplate;
  readonly details: string;
}

/** The choice of a time zone, and how instants are named in others. */
interface ZoneWords {
  /** {place} */
  readonly own: TextTemplate;
  /** {moment} {place} {utc} */
  readonly title: TextTemplate;
}
