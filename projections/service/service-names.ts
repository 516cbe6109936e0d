// The services of each organisation by name, so that a command finds the named ones without a walk over all of them. Names
// are compared by their letters, however these are composed (Unicode NFC).
import { PersistentMap } from '../state/persistent-map.ts';

interface Named {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
}

/** Service ids by organisation and name. Several services may have one name. */
export type ServiceNames = PersistentMap<PersistentMap<true>>;

/** The names after one service went from `before` to `after`; `undefined` means that it does not exist. */
export function withRenamed(names: ServiceNames, before: Named | undefined, after: Named | undefined): ServiceNames {
  if (before?.name === after?.name) return names;
  const remaining = before ? withoutName(names, before) : names;
  return after ? withName(remaining, after) : remaining;
}

export function idsNamed(names: ServiceNames, organizationId: string, name: string): Iterable<string> {
  return names.get(keyOf({ organizationId, name }))?.keys() ?? [];
}

function withName(names: ServiceNames, service: Named): ServiceNames {
  const key = keyOf(service);
  return names.set(key, (names.get(key) ?? PersistentMap.empty<true>()).set(service.id, true));
}

function withoutName(names: ServiceNames, service: Named): ServiceNames {
  const key = keyOf(service);
  const ids = names.get(key)?.delete(service.id);
  return ids === undefined || ids.isEmpty ? names.delete(key) : names.set(key, ids);
}

/** Organisation ids contain no space, so keys cannot collide. */
function keyOf({ organizationId, name }: Pick<Named, 'organizationId' | 'name'>): string {
  return `${organizationId} ${name.normalize()}`;
}
