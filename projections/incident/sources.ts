// The events that set what an incident counts for: its impact, and the status that it gives to each service.
import type { ClaimedStatus, IncidentImpact, IncidentStatus } from '../events/severity.ts';
import type { SourceEvent } from '../events/source-event.ts';

export interface IncidentSources {
  readonly impact: SourceEvent;
  /** By service id. */
  readonly impacts: Readonly<Record<string, SourceEvent>>;
}

interface Values {
  readonly status: IncidentStatus;
  readonly impact: IncidentImpact;
  readonly impacts: Readonly<Record<string, ClaimedStatus>>;
}

/**
 * The sources after an event; `null` while the incident is resolved, when nothing of it counts. The event that reopens
 * an incident therefore sets all its values again.
 */
export function sourcesAfter(
  before: (Values & { readonly sources: IncidentSources | null }) | undefined,
  after: Values,
  source: SourceEvent,
): IncidentSources | null {
  if (after.status === 'resolved') return null;
  if (!before?.sources) return allSetBy(source, after);
  const { sources } = before;
  if (before.impact === after.impact && before.impacts === after.impacts) return sources;
  return {
    impact: before.impact === after.impact ? sources.impact : source,
    impacts: impactsSetBy(after, (id, status) => (before.impacts[id] === status && sources.impacts[id]) || source),
  };
}

function allSetBy(source: SourceEvent, values: Values): IncidentSources {
  return { impact: source, impacts: impactsSetBy(values, () => source) };
}

function impactsSetBy(
  { impacts }: Values,
  sourceFor: (serviceId: string, status: ClaimedStatus) => SourceEvent,
): IncidentSources['impacts'] {
  return Object.fromEntries(Object.entries(impacts).map(([id, status]) => [id, sourceFor(id, status)]));
}
