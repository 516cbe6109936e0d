// One text for one state, whatever way it came about.
import { Map as ImmutableMap, isOrdered } from 'immutable';

/** JSON in which the order of an ordered collection counts, and that of members and of other maps does not. */
export function canonical(state: unknown): string {
  return JSON.stringify(sorted(state));
}

function sorted(value: unknown): unknown {
  if (isOrdered(value)) return [...value].map(sorted);
  if (Array.isArray(value)) return value.map(sorted);
  if (ImmutableMap.isMap(value)) return sorted(Object.fromEntries(value as ImmutableMap<string, unknown>));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([name, member]) => [name, sorted(member)]);
}
