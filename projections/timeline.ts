// The timeline of an incident, as a postmortem begins with it: what its events set, in the order in which it happened.
import { impactChanges, type Standing, type Step, standingAfter } from './incident/course.ts';
import type { Incident } from './incidents.ts';

export interface TimelineEntry {
  /** When it happened. */
  readonly at: string;
  /** Position of the event. */
  readonly position: number;
  /**
   * `started`: the incident began. `update`: somebody wrote. `status`: its status changed without an update. `impact`: so
   * did what it counts for, or the status that it gives to services.
   */
  readonly kind: 'started' | 'update' | 'status' | 'impact';
  /** The title, the message, the status, or each impact with the name of the service. */
  readonly text: string;
}

/** Without updates that were retracted, and with the messages as they are now. `nameOf` gives the name of a service. */
export function selectTimeline(incident: Incident, nameOf: (serviceId: string) => string): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  let standing: Standing | undefined;
  for (const step of incident.course) {
    const after = standingAfter(standing, step);
    const at = standing ? step.source.happenedAt : incident.startedAt;
    for (const said of saidBy(incident, step, { before: standing, after }, nameOf)) {
      entries.push({ at, position: step.source.position, ...said });
    }
    standing = after;
  }
  return entries.sort(byTime);
}

interface Around {
  readonly before: Standing | undefined;
  readonly after: Standing;
}

/** What one step of the course says. */
function* saidBy(
  { title, updates }: Incident,
  { updateId }: Step,
  { before, after }: Around,
  nameOf: (serviceId: string) => string,
): Generator<Pick<TimelineEntry, 'kind' | 'text'>> {
  if (!before) yield { kind: 'started', text: title };
  else if (updateId !== undefined)
    yield { kind: 'update', text: updates.find(({ id }) => id === updateId)?.message ?? '' };
  else if (before.status !== after.status) yield { kind: 'status', text: after.status };
  // What a resolved incident gave to services has ended with it.
  if (after.status === 'resolved') return;
  const services = impactChanges(before, after).map(({ serviceId, to }) => `${nameOf(serviceId)}: ${to ?? 'none'}`);
  const own = before && before.impact !== after.impact ? [`impact: ${after.impact}`] : [];
  if (own.length + services.length > 0) yield { kind: 'impact', text: [...own, ...services].join(', ') };
}

function byTime(a: TimelineEntry, b: TimelineEntry): number {
  if (a.at === b.at) return a.position - b.position;
  return a.at < b.at ? -1 : 1;
}
