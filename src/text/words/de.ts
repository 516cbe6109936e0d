// The words of German. Nobody is addressed, so that no reader is called Du or Sie.
import { grammarOf } from '../grammar.ts';
import type { CommonStatus, Words } from './words.ts';

const LOCALE = 'de-DE';
const { count, list, number } = grammarOf(LOCALE);

const status: Words['status'] = {
  operational: 'Betriebsbereit',
  maintenance: 'Wartung',
  degraded: 'Beeinträchtigt',
  partial: 'Teilweise ausgefallen',
  major: 'Ausgefallen',
  none: 'Keine Daten',
};

const statusWithin: Words['statusWithin'] = {
  operational: 'betriebsbereit',
  maintenance: 'Wartung',
  degraded: 'beeinträchtigt',
  partial: 'teilweise ausgefallen',
  major: 'ausgefallen',
  none: 'keine Daten',
};

const services = (total: number) => count(total, { one: '{n} Dienst', other: '{n} Dienste' });
/** Beside a number: "2 von 4 beeinträchtigt". */
const state = (of: CommonStatus) => {
  if (of === null) return 'betroffen';
  return of === 'maintenance' ? 'in Wartung' : statusWithin[of];
};
/** The end of a sentence: "sind beeinträchtigt", "wird bis 11:30 Uhr gewartet". */
const are = (total: number, of: CommonStatus, until?: string) => {
  const verb = of === 'maintenance' ? { one: 'wird', other: 'werden' } : { one: 'ist', other: 'sind' };
  const end = until === undefined ? '' : ` bis ${until} Uhr`;
  return `${count(total, verb)}${end} ${of === 'maintenance' ? 'gewartet' : state(of)}`;
};

const headline: Words['headline'] = {
  nothing: 'Hier ist noch nichts aufgeführt',
  calm: 'Alles funktioniert',
  calmDetail: (total) =>
    total === 1 ? 'Der Dienst ist betriebsbereit.' : `Alle ${services(total)} sind betriebsbereit.`,
  named: (names, of, until) => `${list(names)} ${are(names.length, of, until)}`,
  counted: (total, of, until) => `${services(total)} ${are(total, of, until)}`,
  more: (total, of) =>
    `${count(total, { one: '{n} weiterer Dienst', other: '{n} weitere Dienste' })} ${are(total, of)}`,
  all: (of) => `Alle Dienste ${are(2, of)}`,
  planned: 'Geplante Arbeiten.',
  others: (total) =>
    total === 1 ? 'Der andere Dienst funktioniert normal.' : `Die anderen ${services(total)} funktionieren normal.`,
  reported: 'Alle Dienste sind als betriebsbereit gemeldet.',
  listed: (names, more) => {
    const rest = count(more, { one: '{n} weiterer', other: '{n} weitere' });
    return `${list(more > 0 ? [...names, rest] : names)}.`;
  },
  short: (total, of) => `${services(total)} ${state(of)}`,
};

const format: Words['format'] = {
  date: '{weekday}, {day}. {month}',
  shortDate: '{day}. {month}',
  fullDate: '{day}. {month} {year}',
  moment: '{date}, {time}',
  day: '{day}.',
  days: '{from} bis {to}',
  range: '{from} bis {to}',
  lasting: '{range} ({duration})',
  duration: {
    days: { one: '{n}\u00a0Tag', other: '{n}\u00a0Tage' },
    hours: '{n}\u00a0h',
    minutes: '{n}\u00a0min',
    seconds: '{n}\u00a0s',
  },
};

/** A stretch of days that lead up to now. */
function pastDays(days: number): string {
  if (days === 1) return 'Letzter Tag';
  if (days === 7) return 'Letzte Woche';
  return days === 14 ? 'Letzte zwei Wochen' : `Letzte ${number(days)} Tage`;
}

/** The same at the begin of a sentence. */
function inPastDays(days: number): string {
  if (days === 1) return 'Am letzten Tag';
  if (days === 7) return 'In der letzten Woche';
  return days === 14 ? 'In den letzten zwei Wochen' : `In den letzten ${number(days)} Tagen`;
}

export const de: Words = {
  language: 'de',
  locale: LOCALE,
  direction: 'ltr',
  name: 'Deutsch',
  format,
  status,
  statusWithin,
  headline,
  frame: {
    skip: 'Zum Inhalt springen',
    pages: 'Seiten',
    links: 'Verweise',
    choices: 'Anzeige',
    status: 'Status',
    history: 'Verlauf',
    maintenance: 'Wartung',
    uptime: 'Wie Verfügbarkeit gezählt wird',
    api: 'API',
    calendar: 'Kalender',
    getUpdates: 'Abonnieren',
    follow: 'Folgen',
    support: 'Hilfe',
    signIn: 'Anmelden',
    organizations: 'Alle Statusseiten',
    language: 'Sprache',
    theme: 'Darstellung',
    themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
    timesIn: 'Zeiten in',
    apply: 'Anwenden',
    statusOf: (name) => `Status: ${name}`,
    printed: '{address}, Stand {moment}',
  },
  page: {
    asOf: '{moment} in {place} · {utc}',
    lastChange: 'Letzte Änderung {moment}',
    now: 'Aktuell',
    resolved: 'In der letzten Stunde behoben',
    plans: 'Geplante Wartung',
    allPlans: 'Alle Wartungen',
    wholeHistory: 'Ganzer Verlauf',
    past: pastDays,
    nothingHappened: (days) => `${inPastDays(days)} ist nichts vorgefallen.`,
    empty: (name) => `Dienste erscheinen hier, sobald ${name} sie hinzufügt.`,
    organizations: 'Statusseiten',
    noOrganizations: 'Hier gibt es noch keine öffentliche Statusseite.',
    moreOrganizations: (total) => `und ${number(total)} weitere`,
    setUp: 'Dieser Server gehört noch niemandem. Der Link zum Einrichten steht in dem, was er beim Start ausgibt.',
    notice: 'Hinweis',
  },
  services: {
    heading: 'Dienste',
    total: services,
    lastDays: 'letzte {n} Tage',
    columns: { service: 'Dienst', uptime: 'Verfügbar', now: 'Jetzt' },
    sum: (some, total, of) => {
      if (total === 0) return 'Keine Dienste';
      if (some < total) return `${number(some)} von ${number(total)} ${state(of)}`;
      return total === 1 ? `1 ${state(of)}` : `Alle ${number(total)} ${state(of)}`;
    },
    noServices: 'Keine Dienste in dieser Gruppe.',
    ungrouped: 'Weitere Dienste',
    filter: 'Dienste filtern',
    legend: 'Die Streifen zeigen den schlechtesten Zustand jedes Tages:',
    howCounted: 'Wie Verfügbarkeit gezählt wird',
    uptimeOver: 'Verfügbarkeit in 90 Tagen:',
    in90Days: 'in 90 Tagen',
    since: 'seit {date}',
    unknown: 'nicht bekannt',
    summary: ({ name, days, uptime, troubles }) => {
      const figure = uptime === null ? 'Verfügbarkeit nicht bekannt' : `${uptime} verfügbar`;
      const told = troubles.length === 0 ? 'Keine Störungen' : troubles.join(', ');
      return `${name}, letzte ${number(days)} Tage: ${figure}. ${told}.`;
    },
    trouble: (date, of, duration) => `${date} ${statusWithin[of]} ${duration}`,
    moreTroubles: (days) => count(days, { one: 'und {n} weiterer Tag', other: 'und {n} weitere Tage' }),
    day: (parts, uptime) =>
      [
        ...parts.map((part) => `${statusWithin[part.status]} ${part.duration}`),
        ...(uptime === null ? [] : [uptime]),
      ].join(', '),
  },
  incident: {
    states: {
      investigating: 'Untersuchung',
      identified: 'Erkannt',
      monitoring: 'Beobachtung',
      resolved: 'Behoben',
    },
    information: 'Information',
    progress: 'Fortschritt:',
    latest: 'Letzte Meldung',
    earlier: (total) => count(total, { one: '{n} frühere Meldung', other: '{n} frühere Meldungen' }),
    affected: 'Betroffen',
    noneAffected: 'Kein Dienst',
    notAffected: 'Nicht betroffen',
    others: (total) => (total === 1 ? 'Der andere Dienst' : `Die anderen ${services(total)}`),
    deletedService: 'Ein gelöschter Dienst',
    fromTo: '{from} bis {to}',
    goingOn: 'Dauer bisher',
    since: 'seit {time}',
    nextUpdate: 'Nächste Meldung',
    by: 'bis {time}',
    wasDue: 'war fällig {time}',
    overdue: 'überfällig',
    nextBy: 'Die nächste folgt bis {time}.',
    noUpdate: 'Noch keine Meldung.',
    firstReported: 'Zuerst gemeldet',
    after: (duration) => `nach ${duration}`,
    began: 'Begann {moment} ({utc})',
    reportedAfter: (duration) => `Zuerst gemeldet nach ${duration}`,
    resolvedAfter: (duration) => `Behoben nach ${duration}`,
    resolvedAt: 'Behoben {time}',
    reopenedAt: 'Wieder offen {time}',
    details: 'Einzelheiten',
    updates: 'Meldungen',
    newestFirst: 'neueste zuerst',
    oldestFirst: 'älteste zuerst',
    showNewestFirst: 'Neueste zuerst zeigen',
    showOldestFirst: 'Älteste zuerst zeigen',
    became: 'wurde zu',
    alsoAffected: 'Auch betroffen',
    recordedAt: 'Aufgezeichnet {time}',
    editedAt: 'Geändert {time}',
    beforeEdit: 'Stand vor der Änderung',
    removed: 'Entfernt. Die Aufzeichnung darüber bleibt.',
    postmortem: 'Abschlussbericht',
    published: 'Veröffentlicht {moment}',
    copyLink: 'Link kopieren',
    linkToUpdate: 'Link zu dieser Meldung',
    records: (first, last) =>
      first === last ? `Eintrag ${number(first)}` : `Einträge ${number(first)} bis ${number(last)}`,
    asItBegan: 'Wie es begann',
    facts: 'Fakten',
    ribbon: {
      day: ({ date, asOf, place }) => `${date ?? 'Heute'}${asOf === null ? '' : `, Stand ${asOf}`} in ${place}`,
      until: (of, time) => `${statusWithin[of]} bis ${time}`,
      since: (of) => `seitdem ${statusWithin[of]}`,
      atLast: (of) => `danach ${statusWithin[of]}`,
      allDay: (of) => `${statusWithin[of]} den ganzen Tag`,
      soFar: (of) => `bisher ${statusWithin[of]}`,
    },
  },
  maintenance: {
    states: {
      scheduled: 'Geplant',
      'in-progress': 'Läuft',
      verifying: 'Wird geprüft',
      completed: 'Abgeschlossen',
      cancelled: 'Abgesagt',
    },
    heading: 'Wartung',
    inProgress: 'Läuft gerade',
    planned: 'Geplant',
    none: 'Keine Wartung geplant.',
    now: 'Jetzt',
    details: 'Einzelheiten',
    window: 'Geplant für',
    affected: 'Betroffen',
    about: 'etwa {range}',
    overrun: 'Geplant bis {time}, dauert noch an',
    elapsed: (minutes, total) => `${number(minutes)} von ${number(total)}\u00a0min`,
    elapsedTime: 'Vergangene Zeit',
    completedIn: (duration, planned) =>
      duration === planned
        ? `Abgeschlossen in ${duration}, wie geplant`
        : `Abgeschlossen in ${duration} von geplanten ${planned}`,
    cancelledOn: 'Abgesagt am {date}',
    repeats: (next) => (next.length === 0 ? 'Wiederholt sich' : `Wiederholt sich, als Nächstes: ${next.join(', ')}`),
    addToCalendar: 'In den Kalender',
    endsByHand: 'Sie endet, wenn die Arbeiten getan sind.',
    startedAt: 'Begonnen {moment}',
    endedAt: 'Beendet {moment}',
    pastLink: 'Frühere Wartungen',
    more: (total) =>
      count(total, { one: '{n} weitere Wartung ist geplant.', other: '{n} weitere Wartungen sind geplant.' }),
  },
  past: {
    quiet: 'Nichts vorgefallen.',
    days: (total) => count(total, { one: '{n} Tag', other: '{n} Tage' }),
    updates: (total) => count(total, { one: '{n} Meldung', other: '{n} Meldungen' }),
    services: (first, more) => (more === 0 ? first : `${first} + ${number(more)}`),
    cancelled: 'Abgesagt',
    ongoing: 'Noch nicht behoben',
  },
  subscribe: {
    heading: 'Abonnieren',
    what: 'Störungen und Wartungen im Feedreader, im Chat oder im Kalender verfolgen, ohne Anmeldung.',
    about: 'Worüber',
    show: 'Anzeigen',
    feeds: 'Feed',
    feedsWhat: 'Er hat einen Eintrag für jede Störung und jede Wartung. Der Eintrag ändert sich mit jeder Meldung.',
    formats: {
      'feed.atom': 'Für Feedreader. Hier steht auch, wann ein Eintrag geändert wurde.',
      'feed.rss': 'Für Feedreader und Chats, die kein anderes Format lesen.',
      'feed.json': 'Für Programme.',
    },
    calendarWhat: 'Geplante Wartungen im eigenen Kalender. Was verschoben oder abgesagt wird, ändert sich auch dort.',
    open: 'Öffnen',
    elsewhere: 'Auf der eigenen Website',
    elsewhereWhat:
      'Eine dieser Zeilen in die eigene Website oder ein Readme kopieren. Die Anzeige folgt jeder Änderung.',
    badge: 'Plakette',
    inFrame: 'Rahmen',
    element: 'Eine Zeile, die erscheint, solange etwas nicht stimmt',
  },
  history: {
    heading: 'Störungen und Wartungen',
    filter: 'Filter',
    service: 'Dienst',
    allServices: 'Alle Dienste',
    kinds: 'Zeigen',
    allKinds: 'Störungen und Wartungen',
    incidents: 'Störungen',
    maintenance: 'Wartungen',
    apply: 'Anwenden',
    clear: 'Filter aufheben',
    noMatch: 'Keine Treffer.',
    counts: (incidents, maintenances) =>
      [
        ...(incidents === 0 ? [] : [count(incidents, { one: '{n} Störung', other: '{n} Störungen' })]),
        ...(maintenances === 0 ? [] : [count(maintenances, { one: '{n} Wartung', other: '{n} Wartungen' })]),
      ].join(' · '),
    more: (total) => count(total, { one: 'und {n} weiterer', other: 'und {n} weitere' }),
    nothingIn: (month) => `Im ${month} ist nichts vorgefallen.`,
    older: (month) => `${month} und früher`,
    newer: (month) => `${month} und später`,
    months: 'Monate',
    begins: (date) => `Diese Aufzeichnung beginnt am ${date}.`,
    newest: 'Neuester Monat',
  },
  service: {
    stateSince: (of) => `${status[of]} seit {moment}`,
    lastDays: (days) => (days === 365 ? '12\u00a0Monate' : `${number(days)}\u00a0Tage`),
    listedSince: 'Aufgeführt seit {date}',
    reported: (uptime) => `Das Team meldet ${uptime}.`,
    computed: 'Berechnet',
    troubles: 'Tage mit Störungen',
    noTroubles: 'Kein Tag mit Störungen.',
    noHistory: 'Noch kein Verlauf: seit heute aufgeführt.',
    columns: {
      date: 'Datum',
      from: 'Von',
      to: 'Bis',
      state: 'Zustand',
      lasted: 'Dauer',
      uptime: 'Verfügbar',
      why: 'Grund',
    },
    goingOn: 'jetzt',
    older: 'Ältere Tage',
    newer: 'Neuere Tage',
    troublesIn: (month) => `Tage mit Störungen im ${month}`,
    corrections: 'Berichtigungen',
    correction: ({ range, before, status: of }) =>
      `${range}: zählt als „${statusWithin[of]}“ statt „${statusWithin[before]}“.`,
    changedDay: ({ date, before, after }) => `${date}: ${before ?? 'keine Daten'} → ${after ?? 'keine Daten'}`,
    group: 'Gruppe',
    strip: 'Letzte 90 Tage',
  },
  uptime: {
    heading: 'Wie Verfügbarkeit gezählt wird',
    what: 'Verfügbarkeit ist der Anteil der Zeit, in der ein Dienst funktioniert. Gezählt wird auf die Sekunde, was diese Seite gezeigt hat: der schlechteste Zustand aus Meldungen des Teams, Störungen und Wartung.',
    days: (place) =>
      `Tage beginnen und enden um Mitternacht in ${place}. Ein Streifen zeigt den schlechtesten Zustand jedes Tages, wie kurz er auch war.`,
    policies: {
      'statuspage-1': {
        name: 'statuspage-1',
        rule: 'Ausgefallen zählt ganz, teilweise ausgefallen zu drei Zehnteln. Beeinträchtigt und Wartung zählen als funktionierend.',
      },
      'strict-1': {
        name: 'strict-1',
        rule: 'Ausgefallen und teilweise ausgefallen zählen ganz. Beeinträchtigt zählt als funktionierend. Wartung wird ausgelassen.',
      },
    },
    policyHere: 'Die Regel dieser Seite',
    otherPolicies: 'Andere Regeln',
    columns: { state: 'Zustand', counts: 'Zählt als Ausfall' },
    weight: (tenths) => {
      if (tenths === null) return 'ausgelassen';
      if (tenths === 0) return 'gar nicht';
      return tenths === 10 ? 'ganz' : count(tenths, { one: '{n} Zehntel', other: '{n} Zehntel' });
    },
    rounding: 'Prozente sind auf zwei Stellen abgerundet. 100\u00a0% heißt, dass nichts als Ausfall zählte.',
    figures: 'Zahlen',
    allServices: 'Alle Dienste',
    groups: 'Die Zahl einer Gruppe ist der Mittelwert ihrer Dienste.',
    noData: 'Die Zeit, bevor ein Dienst aufgeführt war, hat keine Daten und wird nicht gezählt.',
    corrections:
      'Wo falsch gemessen wurde, kann das Team die Vergangenheit berichtigen. Jede Berichtigung steht auf der Seite des Dienstes.',
    mistakes:
      'Eine Störung, die irrtümlich gemeldet wurde, wird zurückgenommen und zählt nicht mehr. Was aus anderen Gründen gelöscht wurde, zählt weiter.',
  },
  verify: {
    proof: 'Jede Aussage dieser Seite lässt sich prüfen: Eintrag {record}, Prüfsumme {hash}',
    how: 'So wird geprüft',
    heading: 'Aufzeichnung prüfen',
    what: 'Was diese Seite sagt, steht in einer Aufzeichnung, der immer nur Einträge angefügt werden. Jeder hat eine Prüfsumme, die auch den Eintrag davor umfasst: Wer einen ändert, entfernt oder einschiebt, müsste alle Prüfsummen danach ändern. Vertrauen ist also nicht nötig, es lässt sich nachprüfen.',
    here: 'Hier prüfen',
    hereHow: 'Der Browser holt die ganze öffentliche Aufzeichnung und berechnet jede Prüfsumme selbst.',
    latest: 'Letzter öffentlicher Eintrag',
    hash: 'Seine Prüfsumme',
    noted: 'Früher notierter Eintrag mit Prüfsumme',
    notedHint:
      'Freiwillig. Die Nummer, ein Doppelpunkt und die 64 Zeichen der Prüfsumme, wie im Verweis am Fuß jeder Seite.',
    check: 'Jetzt prüfen',
    byHand: 'Selbst prüfen',
    byHandHow: 'Die {export} herunterladen und der Befehlszeile von Plive geben, die dasselbe prüft:',
    export: 'öffentliche Aufzeichnung',
    limits: 'Was die Prüfung zeigt, und was nicht',
    shows: [
      'Kein Eintrag wurde geändert, entfernt, eingeschoben oder verschoben, seit er geschrieben wurde, und die Zeit läuft nie rückwärts.',
      'Einträge für Mitglieder sind nur mit ihrer Prüfsumme enthalten. Keiner lässt sich unbemerkt ändern, aber was sie sagen, ist nicht zu sehen.',
      'Aus einem Eintrag können Worte entfernt werden, zum Beispiel ein Passwort. Die Prüfsumme bleibt, und ein späterer Eintrag muss es sagen.',
      'Bei sehr alten Einträgen, aus denen Worte entfernt wurden, ist auch die Prüfsumme nicht öffentlich, weil sich die Worte daraus erraten ließen. Nur Mitglieder können diese prüfen.',
      'Wer die ganze Aufzeichnung neu schreibt und alle Prüfsummen neu berechnet, fällt nur denen auf, die eine frühere Prüfsumme notiert haben. Es lohnt sich, ab und zu eine zu notieren.',
    ],
    script: {
      locale: LOCALE,
      check: 'Jetzt prüfen',
      again: 'Noch einmal prüfen',
      stop: 'Anhalten',
      noHead:
        'Das ist kein Eintrag mit Prüfsumme. Erwartet wird etwas wie 4182:9f2c…, mit 64 Zeichen nach dem Doppelpunkt.',
      progress: '{records} geprüft, bis Eintrag {position} …',
      records: { one: '{n} Eintrag', other: '{n} Einträge' },
      sound: 'Alles passt: {records} geprüft, und nichts wurde geändert.',
      empty: 'Es gibt noch keinen Eintrag.',
      faulty: { one: 'Etwas passt nicht: {n} Fehler.', other: 'Etwas passt nicht: {n} Fehler.' },
      stopped: 'Angehalten. Bis dahin geprüft: {records}.',
      broken: 'Die Verbindung ist abgebrochen. Bis dahin geprüft: {records}. Bitte noch einmal prüfen.',
      soFar: 'So weit passt alles.',
      busy: 'Der Server ist ausgelastet. Bitte in {seconds} noch einmal prüfen.',
      seconds: { one: '{n} Sekunde', other: '{n} Sekunden' },
      refused: 'Die öffentliche Aufzeichnung kam nicht an. Bitte später noch einmal prüfen.',
      ends: 'Die Aufzeichnung endet mit Eintrag {position}, Prüfsumme {hash}.',
      headFound: 'Eintrag {position} ist enthalten, mit der bekannten Prüfsumme.',
      hidden: {
        one: '{n} Eintrag ist für Mitglieder: Die Prüfsumme passt, der Inhalt ist nicht zu sehen.',
        other: '{n} Einträge sind für Mitglieder: Die Prüfsummen passen, der Inhalt ist nicht zu sehen.',
      },
      blanked: {
        one: 'Aus {n} Eintrag wurden Worte entfernt, und ein anderer Eintrag sagt es.',
        other: 'Aus {n} Einträgen wurden Worte entfernt, und andere Einträge sagen es.',
      },
      withheld: {
        one: '{n} alter Eintrag, aus dem Worte entfernt wurden, ist ohne Mitgliedschaft nicht prüfbar.',
        other: '{n} alte Einträge, aus denen Worte entfernt wurden, sind ohne Mitgliedschaft nicht prüfbar.',
      },
      fault: 'Eintrag {position}: {problem}',
      more: { one: 'und {n} weiterer Fehler', other: 'und {n} weitere Fehler' },
      problems: {
        line: 'Zeile {line} der Datei ist kein Eintrag.',
        cut: 'Die Datei endet mitten in Zeile {line}.',
        order: 'Er kommt nach Eintrag {after}, müsste aber davor kommen.',
        clock: 'Seine Zeit ist {recordedAt}, die des Eintrags davor ist später: {before}.',
        text: 'Was er sagt, ist nicht lesbar.',
        meta: 'Wer ihn geschrieben hat, ist nicht lesbar.',
        version: 'Er ist Nummer {version} von {stream}, erwartet wird Nummer {expected}.',
        commit: 'Er gehört zu einer Änderung, von der ein Teil fehlt.',
        hash: 'Seine Prüfsumme passt nicht: Er oder der Eintrag davor wurde geändert, oder dazwischen fehlt einer.',
        'other-head': 'Seine Prüfsumme ist eine andere als {expected}.',
        'no-head': 'Er fehlt: Die Datei endet mit Eintrag {last}.',
        blanked: 'Aus ihm wurden Worte entfernt, und kein Eintrag sagt es.',
        'changed-again': 'Nach ihm wurden aus Eintrag {blanked} Worte entfernt, aber dort wurde mehr geändert.',
      },
      other: 'Er passt nicht zum Eintrag davor.',
    },
  },
  moment: {
    bar: 'Stand {moment} (Eintrag {record})',
    earlier: 'Frühere Änderung',
    later: 'Spätere Änderung',
    now: 'Jetzt',
    choose: 'Diese Seite zu einer früheren Zeit',
    timeIn: (place) => `Datum und Zeit in ${place}`,
    show: 'Zeigen',
  },
  wall: {
    title: 'Wandanzeige',
    pageOf: (page, total) => `${number(page)} von ${number(total)}`,
  },
  embed: {
    missing: 'Dieser Status wird hier nicht gezeigt',
    why: 'Die Seite oder den Dienst gibt es nicht, oder sie sind nicht öffentlich.',
    whole: 'Ganze Statusseite',
  },
  badge: {
    unknown: 'Unbekannt',
  },
  problem: {
    titles: {
      400: 'Diese Adresse ist nicht gültig',
      403: 'Die Rolle reicht dafür nicht aus',
      404: 'Unter dieser Adresse gibt es nichts',
      410: 'Das wurde zurückgezogen',
      429: 'Zu viele Anfragen von hier',
      500: 'Hier ist ein Fehler aufgetreten',
      503: 'Die Statusseite kann gerade nicht antworten',
    },
    texts: {
      400: 'Ein Wert darin ist nicht lesbar.',
      403: 'Zugang vergeben die Inhaber der Organisation.',
      404: 'Es ist umgezogen, oder die Adresse enthält einen Tippfehler.',
      410: 'Es war hier veröffentlicht und wurde zurückgenommen.',
      429: 'Die Seite ist in Ordnung.',
      500: 'Er ist aufgezeichnet.',
      503: 'Sie startet gerade oder erreicht ihre Aufzeichnungen nicht.',
    },
    refused: {
      title: 'Diese Anfrage wurde abgelehnt',
      text: 'So, wie sie gesendet wurde, beantwortet der Server sie nicht.',
    },
    toStatus: 'Zum Status',
    signIn: 'Anmelden',
    signInHint: 'Seiten für Mitglieder öffnen sich nach der Anmeldung.',
    lastSeen: 'Letzter Stand',
    withdrawnOn: (date) => `Zurückgezogen am ${date}.`,
    tryAgainSoon: 'In Kürze lohnt sich ein neuer Versuch.',
    tryAgainIn: (seconds) => `Neuer Versuch in ${count(seconds, { one: '{n} Sekunde', other: '{n} Sekunden' })}.`,
    reference: (id) => `Kennung ${id}`,
  },
  script: {
    locale: LOCALE,
    format,
    live: 'Live',
    reconnecting: 'Verbindet neu …',
    outdated: 'Veraltet',
    stale: 'Diese Seite ist von {time} und vielleicht veraltet.',
    fault: 'Der Statusdienst selbst ist gestört. Zu sehen ist der Stand von {time}.',
    tryAgain: 'Erneut versuchen',
    old: '(veraltet)',
    justNow: 'gerade eben',
    ago: {
      minutes: { one: 'vor {n} Minute', other: 'vor {n} Minuten' },
      hours: { one: 'vor {n} Stunde', other: 'vor {n} Stunden' },
    },
    due: 'in {duration}',
    overdue: 'überfällig seit {duration}',
    anyMoment: 'jeden Moment',
    changesWhileAway: { one: '{n} Änderung in der Zwischenzeit.', other: '{n} Änderungen in der Zwischenzeit.' },
    newAbove: 'Neu: {text}',
    copied: 'Kopiert',
    statuses: status,
    statusesWithin: statusWithin,
    strip: {
      label: '{name}, Tag für Tag',
      day: '{date}: {text}',
      today: 'Heute',
      span: '{status} von {from} bis {to}',
      details: 'Einzelheiten des Tages',
    },
    zones: {
      own: '{place} (eigene Zone)',
      title: '{moment} in {place} · {utc}',
    },
    filter: {
      found: { one: '{n} Dienst', other: '{n} Dienste' },
      none: 'Kein Dienst passt.',
    },
    wallPage: '{page} von {total}',
  },
};
