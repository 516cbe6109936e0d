// The organisations that a read covers when it names none, remembered for each user.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { isPublic, type OrganizationsState, organizationsOf } from '../../projections/organizations.ts';
import { RecentMap } from '../bounds/recent-map.ts';

const DEFAULT_ONLY: readonly string[] = [DEFAULT_ORGANIZATION];
const NONE: readonly string[] = [];

/**
 * The list of a user with thousands of organisations takes long to compute, and one request asks for it several times.
 * A list is valid for one state of the read model only: any change of a role, a team or a visibility makes a new state.
 */
export class CoveredOrganizations {
  readonly #lists: RecentMap<string, readonly string[]>;
  #state: OrganizationsState | undefined;

  /** `capacity`: how many ids the remembered lists hold together; each list counts as one more. */
  constructor(capacity: number) {
    this.#lists = new RecentMap(capacity, ({ length }) => length + 1);
  }

  /**
   * The user's organisations, and the default one if it is public. Without a user: that of an anonymous caller. The same
   * array object as long as nothing changes.
   */
  of(state: OrganizationsState, userId: string | undefined): readonly string[] {
    const open = isPublic(state, DEFAULT_ORGANIZATION) ? DEFAULT_ONLY : NONE;
    if (userId === undefined) return open;
    if (state !== this.#state) {
      this.#lists.clear();
      this.#state = state;
    }
    const known = this.#lists.get(userId);
    if (known) return known;
    const list = [...new Set([...organizationsOf(state, userId), ...open])];
    this.#lists.set(userId, list);
    return list;
  }
}
