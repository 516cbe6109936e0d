// Finds events by organisation and type in the indexes alone, looking at a bounded number of entries a call.
import type { ScanOptions } from '../../log/journal.ts';
import { PAGE } from '../../log/page.ts';
import type { Query } from '../transaction.ts';

/** The positions of selected events, in order, and how far the walk looked. */
interface Found {
  readonly positions: readonly number[];
  readonly through: number;
}

type Walk = Pick<ScanOptions, 'organizations' | 'types'> & { readonly after: number; readonly until: number };

/** The walk of one key: how many entries it looked at, the position of the last one, and those selected. */
interface Entries {
  readonly count: number;
  readonly last: number | null;
  readonly selected: readonly number[] | null;
}

/** Above this many organisations, seeking each one costs more than looking at every event. */
const SOUGHT = 100;
/** At how many events a walk without an index looks: they are longer than the entries of an index. */
const LOOKED_WITHOUT_INDEX = PAGE.looked / 4;

/**
 * Each column has an index that covers the other one. `$5` selects by that one; null selects all. The key is compared
 * together with the position, and not for equality: only that index then has the order, and no plan walks the whole log in
 * search of a rare key.
 */
const walkOf = (key: string, other: string) => `
  select walk.* from unnest($1::text[]) as asked (key), lateral (
    select count(*), max(position) as last,
      json_agg(position) filter (where $5::text[] is null or ${other} = any ($5)) as selected
    from (select position, ${other} from plive.events
      where (${key}, position) > (asked.key, $2) and (${key}, position) <= (asked.key, $3)
      order by ${key}, position limit $4) as entries) as walk`;

const BY_ORGANIZATION = walkOf('organization_id', 'type');
const BY_TYPE = walkOf('type', 'organization_id');
const BY_POSITION = `
  select count(*), max(position) as last, json_agg(position)
    filter (where organization_id = any ($3) and ($4::text[] is null or type = any ($4))) as selected
  from (select position, organization_id, type from plive.events
    where position > $1 and position <= $2 order by position limit ${LOOKED_WITHOUT_INDEX}) as entries`;

export async function walkIndex(query: Query, { after, until, organizations, types }: Walk): Promise<Found> {
  if (organizations && organizations.length > SOUGHT) {
    const walk = await query<Entries>(BY_POSITION, [after, until, organizations, types]);
    return merged(walk, LOOKED_WITHOUT_INDEX, until);
  }
  const [index, keys, others] = organizations ? [BY_ORGANIZATION, organizations, types] : [BY_TYPE, types ?? []];
  // Without other conditions every entry is selected, so more than a page of them is in vain.
  const most = Math.min(others ? PAGE.looked : PAGE.events, Math.ceil(PAGE.looked / keys.length));
  return merged(await query<Entries>(index, [keys, after, until, most, others]), most, until);
}

/** What several walks found, up to where the first of them that reached its `most` entries ended. */
function merged(walks: readonly Entries[], most: number, until: number): Found {
  const through = Math.min(until, ...walks.map(({ count, last }) => (count < most ? until : (last ?? until))));
  const positions = walks.flatMap(({ selected }) => selected ?? []).filter((position) => position <= through);
  return { positions: positions.sort((a, b) => a - b), through };
}
