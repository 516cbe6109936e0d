// Converts events of older schemas to the current one when they are read. The stored events never change.
import { EVENT_TYPES } from './event-types.ts';

type Data = Readonly<Record<string, unknown>>;

/** Converts the data of an event from one schema version to the next. Pure. */
type Upcaster = (data: Data) => Data;

/** The upcasters of each type in order: the first converts schema 1 to 2. A type that never changed has none. */
type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

/** The new members are optional, or one of them has one more value. */
const same: Upcaster = (data) => data;

const UPCASTERS: Upcasters = {
  'incident.opened': [same],
  'incident.described': [same],
  'incident.assessed': [same],
  'incident.update-posted': [same],
  'incident.update-backfilled': [same],
  'event.redacted': [pointersOfRedaction],
  'service.created': [withOptionalMembers],
  'service.described': [withOptionalMembers],
};

/** The new schema only has more members, which may be absent. */
function withOptionalMembers(data: Data): Data {
  return data;
}

/** Schema 1 named members (`title`, `team <id>`, `key <id>`), and an update in a member of its own. */
function pointersOfRedaction({ shown, updateId, ...data }: Data): Data {
  const members = (shown as readonly string[]).map((member) => {
    const [noun, id] = member.split(' ');
    return id === undefined ? `/${member}` : `/${noun}s/${id}/name`;
  });
  return { ...data, shown: updateId === undefined ? members : [...members, `/updates/${updateId}/message`] };
}

interface Shaped {
  readonly type: string;
  readonly schema: number;
  readonly data: Data;
}

/** The event in the current schema of its type. An event of a newer schema or unknown type is returned unchanged. */
export function upcast<E extends Shaped>(event: E, upcasters = UPCASTERS): E {
  const missing = upcasters[event.type]?.slice(event.schema - 1) ?? [];
  if (missing.length === 0) return event;
  const data = missing.reduce((old, upcaster) => upcaster(old), event.data);
  return { ...event, data, schema: event.schema + missing.length };
}

/** Whether a newer version of Plive wrote this event: this version does not know its type or its schema. */
export function isFromTheFuture({ type, schema }: Pick<Shaped, 'type' | 'schema'>): boolean {
  return schema > (SCHEMAS.get(type) ?? 0);
}

/** The current schema of each type. A `Map`, because a replay looks it up for every event. */
const SCHEMAS: ReadonlyMap<string, number> = new Map(
  Object.entries(EVENT_TYPES).map(([type, { schema }]) => [type, schema]),
);

/** Throws if a type lacks an upcaster from an older schema: a programming error, checked at every start. */
export function checkUpcasters(
  types: Readonly<Record<string, { readonly schema: number }>> = EVENT_TYPES,
  upcasters = UPCASTERS,
): void {
  for (const [type, { schema }] of Object.entries(types)) {
    const steps = upcasters[type]?.length ?? 0;
    if (steps !== schema - 1) {
      throw new Error(`${type} is at schema ${schema}: it needs ${schema - 1} upcasters, but has ${steps}.`);
    }
  }
}
