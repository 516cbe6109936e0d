// Turns the shapes that events once had into those they have now, when they are read. What is stored never changes.
import { EVENT_TYPES } from './event-types.ts';

type Data = Readonly<Record<string, unknown>>;

/** Takes the data of an event from one schema version to the next. Pure. */
type Upcaster = (data: Data) => Data;

/** For each type its upcasters in order: the first takes schema 1 to 2. A type that never changed has none. */
type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

const UPCASTERS: Upcasters = {};

interface Shaped {
  readonly type: string;
  readonly schema: number;
  readonly data: Data;
}

/** The event in the current shape of its type. One from the future, or of an unknown type, is left as it is. */
export function upcast<E extends Shaped>(event: E, upcasters = UPCASTERS): E {
  const missing = upcasters[event.type]?.slice(event.schema - 1) ?? [];
  if (missing.length === 0) return event;
  const data = missing.reduce((old, upcaster) => upcaster(old), event.data);
  return { ...event, data, schema: event.schema + missing.length };
}

/** Whether a newer version wrote this event: its type, or the shape of it, is not known to this one. */
export function isFromTheFuture({ type, schema }: Pick<Shaped, 'type' | 'schema'>): boolean {
  return schema > (SCHEMAS.get(type) ?? 0);
}

/** The current schema of each type. A `Map`, because every replay asks it of every event. */
const SCHEMAS: ReadonlyMap<string, number> = new Map(
  Object.entries(EVENT_TYPES).map(([type, { schema }]) => [type, schema]),
);

/** Throws unless every schema that a type ever had leads to its current one. A bug of ours: checked at every start. */
export function checkUpcasters(
  types: Readonly<Record<string, { readonly schema: number }>> = EVENT_TYPES,
  upcasters = UPCASTERS,
): void {
  for (const [type, { schema }] of Object.entries(types)) {
    const steps = upcasters[type]?.length ?? 0;
    if (steps !== schema - 1) {
      throw new Error(`${type} is at schema ${schema}, and ${steps} upcasters lead there instead of ${schema - 1}.`);
    }
  }
}
