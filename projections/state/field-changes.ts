// The difference between two states of an entity, field by field.

/** One field, before and after; `null` if it is absent. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** An entity's fields by name; `undefined` if there is no entity. */
export type Fields = Readonly<Record<string, unknown>> | undefined;

/** The fields that differ; none if the entity no longer exists. */
export function fieldChanges(before: Fields = {}, after: Fields): FieldChange[] {
  if (!after) return [];
  return Object.keys({ ...before, ...after })
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}
