// Finds events by organisation and type in the indexes alone, looking at a bounded number of entries a call.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { ScanOptions } from '../../log/journal.ts';
import { PAGE } from '../../log/page.ts';

/** What a step of a scan found, in order, and how far it looked. */
export interface Found<T> {
  readonly items: Iterable<T>;
  readonly through: number;
}

type Walk = Pick<ScanOptions, 'organizations' | 'types'> & { readonly after: number; readonly until: number };

/** One row of a walk: how many entries it looked at, the position of the last one, and those selected, as JSON. */
interface Entries {
  readonly count: number;
  readonly last: number | null;
  readonly selected: string;
}

/** Above this many organisations, seeking each one costs more than looking at every event. */
const SOUGHT = 100;
/** At how many events a walk without an index looks: they are longer than the entries of an index. */
const LOOKED_WITHOUT_INDEX = PAGE.looked / 4;

/** Returns the positions of selected events. */
export function indexWalk(database: DatabaseSyncInstance) {
  // Each column has an index that covers the other one. `?5` is a JSON list for that one; null selects all.
  const walkOf = (key: string, other: string) =>
    database.prepare(
      `SELECT count(*) AS count, max(position) AS last, json_group_array(position)
         FILTER (WHERE ?5 IS NULL OR ${other} IN (SELECT value FROM json_each(?5))) AS selected
       FROM (SELECT position, ${other} FROM events
             WHERE ${key} = ?1 AND position > ?2 AND position <= ?3 ORDER BY position LIMIT ?4)`,
    );
  const byOrganization = walkOf('organization_id', 'type');
  const byType = walkOf('type', 'organization_id');
  const byPosition = database.prepare(
    `SELECT count(*) AS count, max(position) AS last, json_group_array(position)
       FILTER (WHERE organization_id IN (SELECT value FROM json_each(?3))
         AND (?4 IS NULL OR type IN (SELECT value FROM json_each(?4)))) AS selected
     FROM (SELECT position, organization_id, type FROM events
           WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ${LOOKED_WITHOUT_INDEX})`,
  );

  return ({ after, until, organizations, types }: Walk): Found<number> & { readonly items: readonly number[] } => {
    if (organizations && organizations.length > SOUGHT) {
      return merged(
        [byPosition.get(after, until, JSON.stringify(organizations), json(types))],
        LOOKED_WITHOUT_INDEX,
        until,
      );
    }
    const [index, keys, others] = organizations
      ? [byOrganization, organizations, json(types)]
      : [byType, types ?? [], null];
    // Without other conditions every entry is selected, so more than a page of them is in vain.
    const most = Math.min(others === null ? PAGE.events : PAGE.looked, Math.ceil(PAGE.looked / keys.length));
    const walks = keys.map((key) => index.get(key, after, until, most, others) as Entries);
    return merged(walks, most, until);
  };
}

/** What several walks found, up to where the first of them that reached its `most` entries ended. */
function merged(walks: readonly Entries[], most: number, until: number) {
  const through = Math.min(until, ...walks.map(({ count, last }) => (count < most ? until : (last ?? until))));
  const items = walks
    .flatMap(({ selected }): number[] => JSON.parse(selected))
    .filter((position) => position <= through);
  return { items: items.sort((a, b) => a - b), through };
}

function json(list: readonly string[] | undefined): string | null {
  return list ? JSON.stringify(list) : null;
}
