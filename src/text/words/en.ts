// The words of English.
import { grammarOf } from '../grammar.ts';
import type { CommonStatus, Words } from './words.ts';

const LOCALE = 'en-GB';
const { count, list, number } = grammarOf(LOCALE);

const status: Words['status'] = {
  operational: 'Operational',
  maintenance: 'Maintenance',
  degraded: 'Degraded',
  partial: 'Partly down',
  major: 'Down',
  none: 'No data',
};

const statusWithin: Words['statusWithin'] = {
  operational: 'operational',
  maintenance: 'maintenance',
  degraded: 'degraded',
  partial: 'partly down',
  major: 'down',
  none: 'no data',
};

const services = (total: number) => count(total, { one: '{n} service', other: '{n} services' });
const are = (total: number) => count(total, { one: 'is', other: 'are' });
/** After "is" and "are". */
const state = (of: CommonStatus) => {
  if (of === null) return 'affected';
  return of === 'maintenance' ? 'in maintenance' : statusWithin[of];
};
const ending = (until?: string) => (until === undefined ? '' : ` until ${until}`);

const headline: Words['headline'] = {
  nothing: 'Nothing is listed here yet',
  calm: 'Everything works',
  calmDetail: (total) => (total === 1 ? 'The service is operational.' : `All ${services(total)} are operational.`),
  named: (names, of, until) => `${list(names)} ${are(names.length)} ${state(of)}${ending(until)}`,
  counted: (total, of, until) => `${services(total)} ${are(total)} ${state(of)}${ending(until)}`,
  more: (total, of) => `${count(total, { one: '{n} more service is', other: '{n} more services are' })} ${state(of)}`,
  all: (of) => (of === 'major' ? 'Everything is down' : `All services are ${state(of)}`),
  planned: 'Planned work.',
  others: (total) =>
    total === 1 ? 'The other service works normally.' : `The other ${services(total)} work normally.`,
  reported: 'All services are reported operational.',
  listed: (names, more) => `${list(more > 0 ? [...names, `${number(more)} more`] : names)}.`,
  short: (total, of) => `${services(total)} ${state(of)}`,
};

const format: Words['format'] = {
  date: '{weekday} {day} {month}',
  shortDate: '{day} {month}',
  fullDate: '{day} {month} {year}',
  moment: '{date}, {time}',
  day: '{day}',
  days: '{from} to {to}',
  range: '{from} to {to}',
  lasting: '{range} ({duration})',
  duration: {
    days: { one: '{n}\u00a0day', other: '{n}\u00a0days' },
    hours: '{n}\u00a0h',
    minutes: '{n}\u00a0min',
    seconds: '{n}\u00a0s',
  },
};

/** A stretch of days that lead up to now, as a heading. */
function pastDays(days: number): string {
  if (days === 1) return 'Past day';
  if (days === 7) return 'Past week';
  return days === 14 ? 'Past two weeks' : `Past ${number(days)} days`;
}

export const en: Words = {
  language: 'en',
  locale: LOCALE,
  direction: 'ltr',
  name: 'English',
  format,
  status,
  statusWithin,
  headline,
  frame: {
    skip: 'Skip to the content',
    pages: 'Pages',
    links: 'Links',
    choices: 'Display',
    status: 'Status',
    history: 'History',
    maintenance: 'Maintenance',
    uptime: 'How uptime is counted',
    api: 'API',
    calendar: 'Calendar',
    getUpdates: 'Get updates',
    follow: 'Follow',
    support: 'Support',
    signIn: 'Sign in',
    organizations: 'All status pages',
    language: 'Language',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    timesIn: 'Times in',
    apply: 'Apply',
    statusOf: (name) => `${name} status`,
    printed: '{address}, as of {moment}',
  },
  page: {
    asOf: '{moment} in {place} · {utc}',
    lastChange: 'Last change {moment}',
    now: 'Going on now',
    resolved: 'Resolved within the last hour',
    plans: 'Planned maintenance',
    allPlans: 'All maintenance',
    wholeHistory: 'Whole history',
    past: pastDays,
    nothingHappened: (days) => `Nothing happened in the ${pastDays(days).toLowerCase()}.`,
    empty: (name) => `Services appear here as soon as ${name} adds them.`,
    organizations: 'Status pages',
    noOrganizations: 'There is no public status page here yet.',
    moreOrganizations: (total) => `and ${number(total)} more`,
    setUp: 'This server has no owner yet. The link to set it up is printed where the server was started.',
    notice: 'Notice',
  },
  services: {
    heading: 'Services',
    total: services,
    lastDays: 'last {n} days',
    columns: { service: 'Service', uptime: 'Uptime', now: 'Now' },
    sum: (some, total, of) => {
      if (total === 0) return 'No services';
      if (some < total) return `${number(some)} of ${number(total)} ${state(of)}`;
      return total === 1 ? `1 ${state(of)}` : `All ${number(total)} ${state(of)}`;
    },
    noServices: 'No services in this group.',
    ungrouped: 'Other services',
    filter: 'Filter services',
    legend: 'The strips show the worst of each day:',
    howCounted: 'How uptime is counted',
    uptimeOver: 'Uptime over 90 days:',
    in90Days: 'in 90 days',
    since: 'since {date}',
    unknown: 'not known',
    summary: ({ name, days, uptime, troubles }) => {
      const figure = uptime === null ? 'uptime not known' : `${uptime} uptime`;
      const told = troubles.length === 0 ? 'No problems' : troubles.join(', ');
      return `${name}, last ${number(days)} days: ${figure}. ${told}.`;
    },
    trouble: (date, of, duration) => `${date} ${statusWithin[of]} ${duration}`,
    moreTroubles: (days) => count(days, { one: 'and {n} more day', other: 'and {n} more days' }),
    day: (parts, uptime) =>
      [
        ...parts.map((part) => `${statusWithin[part.status]} ${part.duration}`),
        ...(uptime === null ? [] : [uptime]),
      ].join(', '),
  },
  incident: {
    states: {
      investigating: 'Investigating',
      identified: 'Identified',
      monitoring: 'Monitoring',
      resolved: 'Resolved',
    },
    information: 'Information',
    progress: 'Progress:',
    latest: 'Latest update',
    earlier: (total) => count(total, { one: '{n} earlier update', other: '{n} earlier updates' }),
    affected: 'Affected',
    noneAffected: 'No service',
    notAffected: 'Not affected',
    others: (total) => (total === 1 ? 'The other service' : `The other ${services(total)}`),
    deletedService: 'A service that was deleted',
    fromTo: '{from} to {to}',
    goingOn: 'Going on',
    since: 'since {time}',
    nextUpdate: 'Next update',
    by: 'by {time}',
    wasDue: 'was due {time}',
    overdue: 'overdue',
    nextBy: 'Next one by {time}.',
    noUpdate: 'No update yet.',
    firstReported: 'First reported',
    after: (duration) => `after ${duration}`,
    began: 'Began {moment} ({utc})',
    reportedAfter: (duration) => `First reported after ${duration}`,
    resolvedAfter: (duration) => `Resolved after ${duration}`,
    resolvedAt: 'Resolved {time}',
    reopenedAt: 'Reopened {time}',
    details: 'Details',
    updates: 'Updates',
    newestFirst: 'newest first',
    oldestFirst: 'oldest first',
    showNewestFirst: 'Show the newest first',
    showOldestFirst: 'Show the oldest first',
    became: 'became',
    alsoAffected: 'Also affected',
    recordedAt: 'Recorded {time}',
    editedAt: 'Edited {time}',
    beforeEdit: 'See it before the edit',
    removed: 'Removed. The record of it is kept.',
    postmortem: 'Postmortem',
    published: 'Published {moment}',
    copyLink: 'Copy link',
    linkToUpdate: 'Link to this update',
    records: (first, last) =>
      first === last ? `Record ${number(first)}` : `Records ${number(first)} to ${number(last)}`,
    asItBegan: 'As it began',
    facts: 'Facts',
  },
  maintenance: {
    states: {
      scheduled: 'Planned',
      'in-progress': 'In progress',
      verifying: 'Verifying',
      completed: 'Completed',
      cancelled: 'Cancelled',
    },
    heading: 'Maintenance',
    inProgress: 'In progress',
    planned: 'Planned',
    none: 'No maintenance is planned.',
    now: 'Now',
    details: 'Details',
    window: 'Planned for',
    affected: 'Affected',
    about: 'about {range}',
    overrun: 'Planned until {time}, still going on',
    elapsed: (minutes, total) => `${number(minutes)} of ${number(total)}\u00a0min`,
    elapsedTime: 'Time elapsed',
    completedIn: (duration, planned) =>
      duration === planned
        ? `Completed in ${duration}, as planned`
        : `Completed in ${duration} of a planned ${planned}`,
    cancelledOn: 'Cancelled on {date}',
    repeats: (next) => (next.length === 0 ? 'Repeats' : `Repeats, next: ${next.join(', ')}`),
    addToCalendar: 'Add to your calendar',
    endsByHand: 'It ends when the work is done.',
    startedAt: 'Started {moment}',
    endedAt: 'Ended {moment}',
    pastLink: 'Past maintenance',
    more: (total) => count(total, { one: '{n} more is planned.', other: '{n} more are planned.' }),
  },
  past: {
    quiet: 'Nothing happened.',
    days: (total) => count(total, { one: '{n} day', other: '{n} days' }),
    updates: (total) => count(total, { one: '{n} update', other: '{n} updates' }),
    services: (first, more) => (more === 0 ? first : `${first} + ${number(more)}`),
    cancelled: 'Cancelled',
    ongoing: 'Not resolved yet',
  },
  subscribe: {
    heading: 'Get updates',
    what: 'Hear of what happens in a feed reader, a chat or a calendar. No address is asked for.',
    about: 'About',
    show: 'Show',
    feeds: 'Feed',
    feedsWhat: 'It has an entry for each incident and each maintenance, which changes with every update.',
    formats: {
      'feed.atom': 'For feed readers. It also says when an entry was changed.',
      'feed.rss': 'For feed readers and chats that read no other format.',
      'feed.json': 'For programs.',
    },
    calendarWhat:
      'Planned maintenance, beside everything else that is planned. What is moved or cancelled changes there too.',
    open: 'Open',
  },
  history: {
    heading: 'Incidents and maintenance',
    filter: 'Filter',
    service: 'Service',
    allServices: 'All services',
    kinds: 'Show',
    allKinds: 'Incidents and maintenance',
    incidents: 'Incidents',
    maintenance: 'Maintenance',
    apply: 'Apply',
    clear: 'Clear the filter',
    noMatch: 'Nothing matches.',
    counts: (incidents, maintenances) =>
      [
        ...(incidents === 0 ? [] : [count(incidents, { one: '{n} incident', other: '{n} incidents' })]),
        ...(maintenances === 0 ? [] : [count(maintenances, { one: '{n} maintenance', other: '{n} maintenances' })]),
      ].join(' · '),
    more: (total) => `and ${number(total)} more`,
    nothingIn: (month) => `Nothing happened in ${month}.`,
    older: (month) => `${month} and earlier`,
    newer: (month) => `${month} and later`,
    months: 'Months',
    begins: (date) => `This record begins on ${date}.`,
    newest: 'Newest month',
  },
  service: {
    stateSince: (of) => `${status[of]} since {moment}`,
    lastDays: (days) => (days === 365 ? '12\u00a0months' : `${number(days)}\u00a0days`),
    listedSince: 'Listed since {date}',
    reported: (uptime) => `The team reports ${uptime}.`,
    computed: 'Computed',
    troubles: 'Days with trouble',
    noTroubles: 'No day with trouble.',
    noHistory: 'No history yet: listed since today.',
    columns: {
      date: 'Date',
      from: 'From',
      to: 'To',
      state: 'State',
      lasted: 'Lasted',
      uptime: 'Uptime',
      why: 'Why',
    },
    goingOn: 'now',
    older: 'Older days',
    newer: 'Newer days',
    troublesIn: (month) => `Days with trouble in ${month}`,
    corrections: 'Corrections',
    correction: ({ range, before, status: of }) =>
      `${range}: counts as ${statusWithin[of]} instead of ${statusWithin[before]}.`,
    changedDay: ({ date, before, after }) => `${date}: ${before ?? 'no data'} → ${after ?? 'no data'}`,
    group: 'Group',
    strip: 'Last 90 days',
  },
  uptime: {
    heading: 'How uptime is counted',
    what: 'Uptime is the share of time in which a service works. It is counted to the second, from what this page showed: the worst of the reported state, of incidents and of maintenance.',
    days: (place) => `Days begin and end at midnight in ${place}. A strip shows the worst of each day, however short.`,
    policies: {
      'statuspage-1': {
        name: 'statuspage-1',
        rule: 'Down counts in full, partly down counts three tenths. Degraded and maintenance count as working.',
      },
      'strict-1': {
        name: 'strict-1',
        rule: 'Down and partly down count in full. Degraded counts as working. Maintenance is left out.',
      },
    },
    policyHere: 'The rule of this page',
    otherPolicies: 'Other rules',
    columns: { state: 'State', counts: 'Counts as down' },
    weight: (tenths) => {
      if (tenths === null) return 'left out';
      if (tenths === 0) return 'not at all';
      return tenths === 10 ? 'in full' : count(tenths, { one: '{n} tenth', other: '{n} tenths' });
    },
    rounding: 'Percentages are rounded down to two decimals. 100\u00a0% means that nothing counted as down.',
    figures: 'Figures',
    allServices: 'All services',
    groups: 'The figure of a group is the mean of its services.',
    noData: 'Time before a service was listed has no data and is not counted.',
    corrections:
      'Where the team measured wrongly, it can correct the past. Each correction is listed on the page of the service.',
    mistakes:
      'An incident that was opened by mistake is taken back and no longer counts. What was deleted for other reasons still counts.',
  },
  moment: {
    bar: 'As it was on {moment} (record {record})',
    earlier: 'Earlier change',
    later: 'Later change',
    now: 'Now',
    choose: 'See this page at an earlier time',
    timeIn: (place) => `Date and time in ${place}`,
    show: 'Show',
  },
  wall: {
    title: 'Wall',
    pageOf: (page, total) => `${number(page)} of ${number(total)}`,
  },
  embed: {
    missing: 'This status is not shown here',
    why: 'The page or the service does not exist, or is not public.',
    whole: 'Whole status page',
  },
  badge: {
    unknown: 'Unknown',
  },
  problem: {
    titles: {
      400: 'This address is not valid',
      403: 'Your role is not enough for this',
      404: 'There is nothing at this address',
      410: 'This was withdrawn',
      429: 'Too many requests from here',
      500: 'Something broke on our side',
      503: 'The status page cannot answer now',
    },
    texts: {
      400: 'A value in it cannot be read.',
      403: 'Ask an owner of the organisation for access.',
      404: 'It may have moved, or the address has a typing error.',
      410: 'It was published here and has been taken back.',
      429: 'The page is fine. It answers again in a moment.',
      500: 'It has been recorded. Try again in a moment.',
      503: 'It is starting, or cannot reach its records. Try again in a moment.',
    },
    refused: {
      title: 'This request was refused',
      text: 'The server does not answer it in the way it was sent.',
    },
    toStatus: 'See the status',
    signIn: 'Sign in',
    signInHint: 'Pages for members open after signing in.',
    lastSeen: 'See it as it last was',
    withdrawnOn: (date) => `Withdrawn on ${date}.`,
    tryAgainIn: (seconds) => `Try again in ${count(seconds, { one: '{n} second', other: '{n} seconds' })}.`,
    reference: (id) => `Reference ${id}`,
  },
  script: {
    locale: LOCALE,
    format,
    live: 'Live',
    reconnecting: 'Reconnecting …',
    outdated: 'Out of date',
    stale: 'This page is from {time} and may be out of date.',
    fault: 'The status service itself has a fault. What you see is from {time}.',
    tryAgain: 'Try again',
    old: '(old)',
    justNow: 'just now',
    ago: {
      minutes: { one: '{n} minute ago', other: '{n} minutes ago' },
      hours: { one: '{n} hour ago', other: '{n} hours ago' },
    },
    due: 'in {duration}',
    overdue: 'overdue by {duration}',
    anyMoment: 'any moment',
    changesWhileAway: { one: '{n} change while you were away.', other: '{n} changes while you were away.' },
    newAbove: 'New: {text}',
    copied: 'Copied',
    statuses: status,
    statusesWithin: statusWithin,
    strip: {
      label: '{name}, day by day',
      day: '{date}: {text}',
      today: 'Today',
      span: '{status} from {from} to {to}',
      details: 'Details of this day',
    },
    zones: {
      own: '{place} (your zone)',
      title: '{moment} in {place} · {utc}',
    },
    filter: {
      found: { one: '{n} service', other: '{n} services' },
      none: 'No service matches.',
    },
    wallPage: '{page} of {total}',
  },
};
